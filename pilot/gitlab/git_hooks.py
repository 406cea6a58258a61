"""The scripts inside each bare repository: the last place where a push can be refused, and GitLab's hints after it."""

from __future__ import annotations

from pathlib import Path

# GitLab's sentences on stderr, from memory: never let a client's logic depend on them.
PROTECTED = "You are not allowed to push code to protected branches on this project."
FORCED = "You are not allowed to force push code to a protected branch on this project."
DELETED = "You can only delete protected branches using the web interface."

PRE_RECEIVE = f"""#!/bin/sh
# Written by the stand-in: refuses what the pusher may not do to a protected branch.
while read -r old new ref; do
  branch="${{ref#refs/heads/}}"
  printf '%s\\n' "$STANDIN_PROTECTED" | while read -r pattern; do
    case "$branch" in
      $pattern) [ -n "$pattern" ] && exit 1 ;;
    esac
  done && continue
  case "$new" in
    *[!0]*) ;;
    *) echo "GitLab: {DELETED}" >&2; exit 1 ;;
  esac
  [ -n "$STANDIN_MAINTAINER" ] || {{ echo "GitLab: {PROTECTED}" >&2; exit 1; }}
  case "$old" in
    *[!0]*) git merge-base --is-ancestor "$old" "$new" || {{ echo "GitLab: {FORCED}" >&2; exit 1; }} ;;
  esac
done
"""

POST_RECEIVE = """#!/bin/sh
# Written by the stand-in: GitLab's hint about merge requests, and a report for our side.
while read -r old new ref; do
  printf 'moved %s %s %s\\n' "$old" "$new" "$ref" >> "$STANDIN_REPORT"
  case "$ref" in refs/heads/*) ;; *) continue ;; esac
  branch="${ref#refs/heads/}"
  open=""
  while read -r name address; do
    if [ "$name" = "$branch" ]; then open="$address"; fi
  done <<LIST
$STANDIN_OPEN
LIST
  echo ""
  if [ -n "$open" ]; then
    echo "View merge request for $branch:"
    echo "  $open"
  else
    echo "To create a merge request for $branch, visit:"
    echo "  $STANDIN_WEB/-/merge_requests/new?merge_request%5Bsource_branch%5D=$branch"
  fi
  echo ""
done
count=0
while [ "$count" -lt "${GIT_PUSH_OPTION_COUNT:-0}" ]; do
  eval "printf 'option %s\\n' \\"\\$GIT_PUSH_OPTION_$count\\"" >> "$STANDIN_REPORT"
  count=$((count + 1))
done
"""


def install_hooks(folder: Path) -> None:
    """The bare repository's own hooks, which are where git can still say no."""
    (folder / "hooks").mkdir(exist_ok=True)
    for name, text in (("pre-receive", PRE_RECEIVE), ("post-receive", POST_RECEIVE)):
        script = folder / "hooks" / name
        script.write_text(text)
        script.chmod(0o755)
