"""The scripted endpoint itself: it speaks both dialects of the API, so that other clients can be held against it."""

import json
import urllib.request

import anthropic

from tests.messages_server import MessagesServer, text, thinking, tool


def test_it_answers_as_json_to_an_older_client():
    body = {"model": "m", "max_tokens": 10, "messages": [{"role": "user", "content": "hi"}]}
    headers = {"x-api-key": "old-style", "anthropic-version": "2023-06-01", "content-type": "application/json"}
    with MessagesServer([text("hello")]) as server:
        request = urllib.request.Request(f"{server.url}/v1/messages?beta=true", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=5) as response:
            answer = json.load(response)

    assert answer["content"] == [{"type": "text", "text": "hello"}] and answer["stop_reason"] == "end_turn"
    assert server.requests[0].key == "old-style"


def test_the_same_script_means_the_same_with_and_without_streaming():
    script = [thinking("hm", tool("view", path="a.py"))]
    request = {"model": "m", "max_tokens": 10, "messages": [{"role": "user", "content": "hi"}]}
    answers = []
    for streamed in (True, False):
        with MessagesServer(script) as server, anthropic.Anthropic(api_key="new-style", base_url=server.url) as client:
            if streamed:
                with client.messages.stream(**request) as stream:
                    answers.append(stream.get_final_message())
            else:
                answers.append(client.messages.create(**request))
        assert server.requests[0].key == "new-style"

    one, other = ([block.to_dict() for block in answer.content] for answer in answers)
    assert one == other and answers[0].stop_reason == answers[1].stop_reason == "tool_use"
