"""reqpath-django: the scenario of a project is what was worked out by hand,
and reqpath counts for it what Django really crosses.

    test_scenarios.py REQPATH SOURCE_DIR [Scenarios.TEST...]

To write golden/ anew: GOLDEN_UPDATE=1 ctest -R ^django/

SPDX-License-Identifier: GPL-3.0-or-later
"""
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

REQPATH, SOURCE = sys.argv[1], Path(sys.argv[2])
HERE = SOURCE / "tests/django"
TOOLS = SOURCE / "microhandler/django"


def run(*words, cwd, **env):
    clean = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run([str(w) for w in words], cwd=cwd, text=True,
                          capture_output=True, timeout=200,
                          env={**clean, "PYTHONDONTWRITEBYTECODE": "1", **env})


def write_scenario(*words, cwd=HERE / "sites"):
    return run(sys.executable, TOOLS / "reqpath-django", *words, cwd=cwd)


def golden(text: str, name: str) -> tuple:
    """What `name` holds; the versions are those of whoever runs the test."""
    lines = ["framework:" if line.startswith("framework:") else line
             for line in text.splitlines()]
    path = HERE / "golden" / name
    if os.environ.get("GOLDEN_UPDATE"):
        path.write_text("\n".join([*lines, ""]))
    return path.read_text(), "\n".join([*lines, ""])


class Scenarios(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def startproject(self):
        made = run(sys.executable, "-m", "django", "startproject", "mysite",
                   cwd=self.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        return self.folder / "mysite"

    def explained(self, *words, cwd):
        """What reqpath counts for the scenario."""
        path = self.folder / "scenario.yaml"
        made = write_scenario(*words, "-o", path, cwd=cwd)
        self.assertEqual(made.returncode, 0, made.stderr)
        told = run(REQPATH, "explain", path, "--format", "json", cwd=self.folder)
        self.assertEqual(told.returncode, 0, told.stderr)
        counts = json.loads(told.stdout)["counts"]
        return {name: counts[name] for name in
                ("sync_to_async", "async_to_sync", "loops_created")}

    def driven(self, settings, cwd):
        """What Django crosses, by server and page."""
        told = run(sys.executable, HERE / "drive.py", settings, cwd=cwd,
                   PYTHONPATH=f"{TOOLS}:{cwd}")
        self.assertEqual(told.returncode, 0, told.stderr)
        return json.loads(told.stdout.splitlines()[-1])

    def test_startproject_is_seven_mixins_with_their_hooks(self):
        made = write_scenario("--settings", "mysite.settings",
                              cwd=self.startproject())
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        self.assertEqual(*golden(made.stdout, "startproject.yaml"))

    def test_startproject_crosses_as_often_as_is_known(self):
        known = {("daphne", "sync"): (16, 0, 0), ("daphne", "async"): (15, 0, 0),
                 ("gunicorn", "sync"): (0, 0, 0), ("gunicorn", "async"): (0, 1, 1)}
        cwd = self.startproject()
        for (server, view), counts in known.items():
            with self.subTest(server=server, view=view):
                found = self.explained("--settings", "mysite.settings", "--server",
                                       server, "--view", view, cwd=cwd)
                self.assertEqual(tuple(found.values()), counts)

    def test_startproject_really_crosses_so_often(self):
        cwd = self.startproject()
        with (cwd / "mysite/urls.py").open("a") as urls:
            urls.write(
                "from django.http import HttpResponse\n"
                "async def late(request):\n    return HttpResponse()\n"
                "urlpatterns += [path('async/', late),\n"
                "    path('sync/', lambda request: HttpResponse())]\n")
        with (cwd / "mysite/settings.py").open("a") as settings:
            settings.write("ALLOWED_HOSTS = ['*']\n")
        self.agree("mysite.settings", cwd)

    def test_layers_of_every_kind_are_told_apart(self):
        made = write_scenario("--settings", "kinds", "--server", "daphne",
                              "--view", "/async/")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(
            made.stderr,
            "reqpath-django: kinds.Unwanted is left out: it says that it is not "
            "used: no key is set\n")
        self.assertEqual(*golden(made.stdout, "kinds.yaml"))

    def test_databases_and_logs_are_not_touched(self):
        words = "--server", "daphne", "--view", "/async/"
        here = write_scenario("--settings", "kinds", *words)
        made = write_scenario("--settings", "unreachable", *words)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(made.stderr.splitlines()[0],
                         "a project that prints while it is loaded")
        self.assertEqual(made.stdout.replace("unreachable", "kinds"), here.stdout)

    def test_layers_of_every_kind_really_cross_so_often(self):
        self.agree("kinds", HERE / "sites")

    def test_every_letter_of_a_stack_really_crosses_so_often(self):
        for stack in ("SMAHRPVv", "TtAXxYy"):
            os.environ["STACK"] = stack
            self.addCleanup(os.environ.pop, "STACK", None)
            self.agree("hello.settings", TOOLS)

    def agree(self, settings, cwd):
        driven = self.driven(settings, cwd)
        self.assertEqual(len(driven), 4)
        for case, counts in driven.items():
            server, page = case.split()
            with self.subTest(settings=settings, case=case,
                              stack=os.environ.get("STACK")):
                self.assertEqual(
                    self.explained("--settings", settings, "--server", server,
                                   "--view", page, cwd=cwd), counts)

    def test_what_is_missing_is_named_and_nothing_is_written(self):
        out = self.folder / "out.yaml"
        made = write_scenario("--settings", "broken", "-o", out)
        self.assertEqual(made.returncode, 2)
        self.assertIn("No module named 'no_such_application'", made.stderr)
        self.assertIn("--skip-missing", made.stderr)
        self.assertFalse(out.exists())

    def test_what_is_missing_may_be_left_out_and_is_said(self):
        made = write_scenario("--settings", "broken", "--skip-missing")
        self.assertEqual(made.returncode, 0, made.stderr)
        for name in ("no_such_application", "no_such_package.Layer",
                     "kinds.NoSuchLayer"):
            self.assertIn(f"{name} is left out", made.stderr)
        self.assertEqual(made.stdout.count("  - {name:"), 1)
        self.assertIn("# no_such_package.Layer cannot be imported", made.stdout)

    def test_mistakes_are_sentences(self):
        for words, sentence in (
            ((), "which settings? name them with --settings mysite.settings, or "
                 "in DJANGO_SETTINGS_MODULE"),
            (("--settings", "nowhere.settings"),
             f"there are no settings nowhere.settings in {HERE / 'sites'}: name "
             "them with --settings, and the folder where they begin with "
             "--pythonpath"),
            (("--settings", "kinds", "--view", "later"),
             '--view: found "later", expected sync, async, or the path of a '
             "page, like /polls/"),
            (("--settings", "kinds", "--view", "/later/"),
             "--view: no view answers /later/"),
            (("--settings", "kinds", "-o", "/nowhere/at/all.yaml"),
             "/nowhere/at/all.yaml: cannot be written: No such file or "
             "directory"),
        ):
            with self.subTest(words=words):
                made = write_scenario(*words)
                self.assertEqual(made.returncode, 2)
                self.assertEqual(made.stderr.splitlines()[-1],
                                 f"reqpath-django: {sentence}")
                self.assertEqual(made.stdout, "")


if __name__ == "__main__":
    if importlib.util.find_spec("django") is None:
        print(f"SKIPPED: {sys.executable} has no Django (python3-django)")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
