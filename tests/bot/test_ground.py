"""Several runs of one project share its mirror."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bot.ground import Ground, Origin
from bot.iteration import Iteration
from pilot.histories import plant
from sandbox.bubblewrap import Bubblewrap


def test_runs_that_fetch_a_project_at_the_same_moment_for_the_first_time_all_get_it(tmp_path):
    plant("plain_text", tmp_path / "source")
    together = Barrier(6)

    def fetched(number):
        ground = Ground(tmp_path / "data", Bubblewrap())  # as in processes of their own
        together.wait()
        return ground.fetch(
            Iteration("gitlab-1", f"run-{number}", f"run-{number}", "", ""), Origin(str(tmp_path / "source")), "main", "main"
        )

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(fetched, range(6)))

    assert len({each.sha for each in found}) == 1 and all(each.sha for each in found)
