#!/usr/bin/env python3
"""The integrations, each run by its own tool: pre-commit, CMake with CTest, the commands of the CI templates.

    integrations_test.py PROGRAM SOURCE_DIR
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import yaml
except ImportError:  # an interpreter of its own comes first on the path
    if os.path.realpath(sys.executable) != os.path.realpath("/usr/bin/python3") and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("python3-yaml is missing: ./setup installs it")
    sys.exit(77)

SOURCE = pathlib.Path(sys.argv.pop()).resolve()
PROGRAM = pathlib.Path(sys.argv.pop()).resolve()
GOOD = "on note\n  play_note($EVENT_NOTE + 12, 90, 0, -1)\nend on\n"
HANGS = "on note\n  play_note($EVENT_NOTE + 12, 90, 0, 0)\nend on\n"


class Integration(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.environment = dict(os.environ, PATH="%s:%s" % (PROGRAM.parent, os.environ["PATH"]), HOME=str(self.root / "home"),
                                XDG_CACHE_HOME=str(self.root / "home/cache"), GIT_CONFIG_GLOBAL=str(self.root / "gitconfig"))
        (self.root / "gitconfig").write_text("[user]\nname = t\nemail = t@example.org\n")

    def tearDown(self):
        self.folder.cleanup()

    def run_in(self, folder, *call, **environment):
        done = subprocess.run(call, cwd=folder, env=dict(self.environment, **environment), capture_output=True, text=True,
                              timeout=200)
        return done.returncode, done.stdout + done.stderr

    def must(self, folder, *call):
        status, out = self.run_in(folder, *call)
        self.assertEqual(status, 0, out)
        return out


@unittest.skipUnless(shutil.which("pre-commit") and shutil.which("git"), "pre-commit or git is not installed")
class PreCommit(Integration):
    def setUp(self):
        super().setUp()
        hooks = self.root / "hooks"
        hooks.mkdir()
        shutil.copy(SOURCE / ".pre-commit-hooks.yaml", hooks)
        self.must(hooks, "git", "init", "-q")
        self.must(hooks, "git", "add", "-A")
        self.must(hooks, "git", "commit", "-qm", "hooks")
        revision = self.must(hooks, "git", "rev-parse", "HEAD").strip()
        self.work = self.root / "work"
        self.work.mkdir()
        self.must(self.work, "git", "init", "-q")
        (self.work / ".pre-commit-config.yaml").write_text(
            "repos:\n- repo: file://%s\n  rev: %s\n  hooks:\n  - id: fermata\n  - id: fermata-all\n    stages: [manual]\n"
            % (hooks, revision))
        (self.work / "old.ksp").write_text(HANGS)
        self.must(self.work, "git", "add", "-A")
        self.must(self.work, "git", "commit", "-qm", "start")
        self.must(self.work, "pre-commit", "install")

    def test_a_commit_is_refused_and_then_passes(self):
        script = self.work / "new.ksp"
        script.write_text(HANGS)
        self.must(self.work, "git", "add", "new.ksp")
        status, out = self.run_in(self.work, "git", "commit", "-m", "hangs")
        self.assertEqual(status, 1, out)
        self.assertIn("new.ksp:2:3: error:", out)
        self.assertNotIn("old.ksp", out)
        script.write_text(GOOD)
        status, out = self.run_in(self.work, "git", "commit", "-m", "not staged yet")
        self.assertEqual(status, 1, out)
        self.must(self.work, "git", "add", "new.ksp")
        out = self.must(self.work, "git", "commit", "-m", "good")
        self.assertIn("Passed", out)
        self.assertEqual(self.must(self.work, "git", "status", "--porcelain"), "")

    def test_other_files_do_not_start_it(self):
        (self.work / "notes.md").write_text("x\n")
        self.must(self.work, "git", "add", "-A")
        self.assertIn("Skipped", self.must(self.work, "git", "commit", "-m", "notes"))

    def test_everything(self):
        status, out = self.run_in(self.work, "pre-commit", "run", "fermata-all", "--hook-stage", "manual")
        self.assertEqual(status, 1, out)
        self.assertIn("old.ksp:2:3: error:", out)


class CMake(Integration):
    def test_good_passes_and_bad_fails(self):
        (self.root / "good").mkdir()
        (self.root / "bad").mkdir()
        (self.root / "good/a.ksp").write_text(GOOD)
        (self.root / "bad/a.ksp").write_text(HANGS)
        (self.root / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.16)\nproject(x NONE)\nenable_testing()\n"
            "find_package(Fermata REQUIRED CONFIG)\n"
            "fermata_add_test(NAME good PATHS good)\nfermata_add_test(NAME bad PATHS bad ARGUMENTS --quiet)\n")
        self.must(self.root, "cmake", "-S", ".", "-B", "build", "-DFermata_DIR=%s" % (SOURCE / "packaging"))
        status, out = self.run_in(self.root, "ctest", "--test-dir", "build")
        self.assertNotEqual(status, 0)
        self.assertRegex(out, r"good \.+ +Passed")
        self.assertRegex(out, r"bad \.+\*+Failed")


class Tour(Integration):
    def test_the_readme(self):
        """Each line ends with status 0, or with the one that its comment names."""
        text = (SOURCE / "README.md").read_text()
        block = text[text.index("<!-- tour -->"):].split("```")[1].removeprefix("sh\n")
        checkout = self.root / "checkout"
        shutil.copytree(SOURCE / "demo", checkout / "demo")
        (checkout / "build/release").mkdir(parents=True)
        os.symlink(PROGRAM, checkout / "build/release/fermata")
        script = ""
        for number, line in enumerate(block.strip().splitlines()):
            expected = line.split("# status ")[1][0] if "# status " in line else "0"
            script += "%s\n[ $? = %s ] || { echo \"wrong status in line %d\"; exit 9; }\n" % (line, expected, number + 1)
        self.assertGreater(script.count("\n"), 12)
        out = self.must(checkout, "bash", "-c", script)
        self.assertIn("+                f := fades.curve_out(old, 60 + leap * 10, -30, YES)\n", out)


class Templates(Integration):
    def setUp(self):
        super().setUp()
        (self.root / "a.ksp").write_text(HANGS)
        (self.root / "b.ksp").write_text(GOOD)

    def test_gitlab(self):
        job = yaml.safe_load((SOURCE / "packaging/gitlab-ci.yml").read_text())["fermata"]
        for paths, expected in ((".", 1), ("b.ksp", 0)):
            variables = dict(job["variables"], FERMATA_PATHS=paths)
            status, out = self.run_in(self.root, "bash", "-e", "-c", "\n".join(job["script"]), **variables)
            self.assertEqual(status, expected, out)
            issues = json.loads((self.root / job["artifacts"]["reports"]["codequality"]).read_text())
            self.assertEqual(len(issues), expected)

    def test_github(self):
        action = yaml.safe_load((SOURCE / "action.yml").read_text())
        install, check = action["runs"]["steps"]
        self.must(self.root, "bash", "-e", "-c", install["run"])
        for paths, expected in ((".", 1), ("b.ksp", 0), ("*", 2)):
            inputs = {name: value["default"] for name, value in action["inputs"].items()}
            inputs["paths"] = paths
            variables = {}
            for name, value in check["env"].items():
                key = value[len("${{ inputs."):-len(" }}")]
                variables[name] = inputs[key]
            status, out = self.run_in(self.root, check["shell"], "-e", "-c", check["run"], **variables)
            self.assertEqual(status, expected, out)
            if expected < 2:
                self.assertEqual(out.count("::error file=a.ksp,line=2"), expected)
                results = json.loads((self.root / "fermata.sarif").read_text())["runs"][0]["results"]
                self.assertEqual(len(results), expected)


if __name__ == "__main__":
    unittest.main()
