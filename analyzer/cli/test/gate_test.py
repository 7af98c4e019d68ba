#!/usr/bin/env python3
"""What lets a project take the check in for good: baseline, changes only, shards.

    gate_test.py PROGRAM
"""
import json
import os
import shutil
import subprocess
import unittest

from cli_support import BROKEN, GOOD, Cli

HANGS = "on note\n  play_note($EVENT_NOTE + 12, 90, 0, 0)\nend on\n"


class Baseline(Cli):
    def setUp(self):
        super().setUp()
        self.write("old.ksp", BROKEN)

    def entries(self):
        return json.loads((self.root / "base.json").read_text())["findings"]

    def check(self, *args):
        return self.run_it("check", "--baseline", "base.json", *args)

    def test_known_findings_are_not_reported_and_new_ones_are(self):
        self.assertEqual(self.check("--write-baseline", "old.ksp")[0], 0)
        self.assertEqual([e["rule"] for e in self.entries()], ["syntax-error"])
        status, out, err = self.check("old.ksp")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("baseline: 1 known, 0 gone", out)
        self.write("old.ksp", "\n\n" + BROKEN)  # a move is no news
        self.assertEqual(self.check("old.ksp")[0], 0)
        self.write("old.ksp", BROKEN + "on release\n  if ($EVENT_NOTE > 61\n  end if\nend on\n")
        status, out, _ = self.check("--quiet", "old.ksp")
        self.assertEqual((status, out.count("[syntax-error]")), (1, 1))
        self.assertIn("old.ksp:7:", out)

    def test_what_is_fixed_cannot_come_back(self):
        self.check("--write-baseline", "old.ksp")
        self.write("old.ksp", GOOD)
        status, out, _ = self.check("old.ksp")
        self.assertEqual(status, 1)
        self.assertIn("is in the baseline and no longer found", out)
        self.assertEqual(self.check("--write-baseline", "old.ksp")[0], 0)
        self.assertEqual(self.entries(), [])
        self.write("old.ksp", BROKEN)
        self.assertEqual(self.check("--write-baseline", "old.ksp")[0], 1)
        self.assertEqual(self.entries(), [])

    def test_entries_of_files_that_were_not_read_stay(self):
        self.write("other.ksp", BROKEN)
        self.check("--write-baseline", "old.ksp", "other.ksp")
        self.assertEqual(self.check("old.ksp")[0], 0)
        os.remove(self.root / "other.ksp")
        self.assertEqual(self.check("old.ksp")[0], 1)

    def test_sarif_says_how_it_compares(self):
        self.write("gone.ksp", BROKEN)
        self.check("--write-baseline", "old.ksp", "gone.ksp")
        self.write("gone.ksp", GOOD)
        self.write("new.ksp", BROKEN)
        _, out, err = self.check("--format", "sarif", "old.ksp", "gone.ksp", "new.ksp")
        results = json.loads(out)["runs"][0]["results"]
        states = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: r["baselineState"] for r in results}
        self.assertEqual(states, {"old.ksp": "unchanged", "gone.ksp": "absent", "new.ksp": "new"})
        self.assertIn("--write-baseline", err)

    def test_wrong_files(self):
        self.fails("check", "--baseline", "none.json", "old.ksp", naming=["none.json", "no such file"])
        self.fails("check", "--baseline", self.write("x.json", "[]"), "old.ksp", naming=["x.json", "no baseline"])
        self.fails("check", "--write-baseline", "old.ksp", naming=["--baseline"])
        self.fails("check", "--baseline", "no/folder/b.json", "--write-baseline", "old.ksp", naming=["no/folder/b.json"])
        self.assertEqual(sorted(os.listdir(self.root)), ["old.ksp", "x.json"])


class MaxUnknown(Cli):
    def test_undecided_sites_can_be_limited(self):
        self.write("a.ksp", "on note\n  stranger(play_note(60, 90, 0, 0))\nend on\n")
        out = json.loads(self.run_it("check", "--format", "json", "--ignore", "unknown-call", "a.ksp")[1])
        unknown = out["summary"]["unknown"]
        self.assertGreater(unknown, 0)
        self.assertEqual(self.run_it("check", "--max-unknown", str(unknown), "a.ksp")[0], 0)
        self.assertEqual(self.run_it("check", "--max-unknown", str(unknown - 1), "a.ksp")[0], 1)


@unittest.skipUnless(shutil.which("git"), "git is not installed")
class Changes(Cli):
    def git(self, *args, cwd=None):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *args], cwd=cwd or self.root,
                       check=True, capture_output=True)

    def setUp(self):
        super().setUp()
        self.git("init", "-q")
        self.write("old.ksp", BROKEN)
        self.write("a.ksp", GOOD)
        self.git("add", "-A")
        self.git("commit", "-qm", "start")

    def paths(self, *args, cwd=None):
        done = subprocess.run([*self.program(), "check", "--format", "json", *args], cwd=cwd or self.root,
                              capture_output=True)
        self.assertEqual(done.stderr, b"")
        return done.returncode, sorted({f["path"] for f in json.loads(done.stdout)["findings"]})

    def test_only_what_changed(self):
        self.assertEqual(self.paths("--since", "HEAD"), (0, []))
        self.write("a.ksp", BROKEN)
        self.assertEqual(self.paths("--since", "HEAD"), (1, ["a.ksp"]))
        self.write("new.ksp", BROKEN)
        self.assertEqual(self.paths("--since", "HEAD"), (1, ["a.ksp", "new.ksp"]))
        self.write("old.ksp", BROKEN.replace("> 60", "> 59"))
        self.assertEqual(self.paths("--since", "HEAD"), (1, ["a.ksp", "new.ksp", "old.ksp"]))

    def test_what_a_change_causes_elsewhere(self):
        self.write("main.ksp", 'import "part.ksp"\non note\n  play_note(60, 90, 0, length)\nend on\n')
        self.write("part.ksp", "define length := -1\n")
        self.git("add", "-A")
        self.git("commit", "-qm", "two files")
        self.write("part.ksp", "define length := 0\n")
        self.assertEqual(self.paths("--since", "HEAD"), (1, ["main.ksp"]))

    def test_staged_is_what_is_staged(self):
        self.assertEqual(self.paths("--staged"), (0, []))
        self.write("a.ksp", BROKEN)
        self.assertEqual(self.paths("--staged"), (0, []))
        self.git("add", "a.ksp")
        self.write("a.ksp", GOOD)
        self.assertEqual(self.paths("--staged"), (1, ["a.ksp"]))

    def test_before_the_first_commit(self):
        fresh = self.root / "fresh"
        fresh.mkdir()
        self.git("init", "-q", cwd=fresh)
        (fresh / "a.ksp").write_text(BROKEN)
        self.git("add", "a.ksp", cwd=fresh)
        self.assertEqual(self.paths("--staged", cwd=fresh), (1, ["a.ksp"]))

    def test_in_a_folder_below_the_top(self):
        self.write("deep/down/b.ksp", GOOD)
        self.git("add", "-A")
        self.git("commit", "-qm", "deep")
        self.write("deep/down/b.ksp", BROKEN)
        self.git("add", "-A")
        self.assertEqual(self.paths("--staged", cwd=self.root / "deep"), (1, ["down/b.ksp"]))
        self.assertEqual(self.paths("--since", "HEAD", "down", cwd=self.root / "deep"), (1, ["down/b.ksp"]))

    def test_nothing_is_left_behind(self):
        env_root = self.root / "tmp"
        env_root.mkdir()
        before = subprocess.run(["git", "status", "--porcelain"], cwd=self.root, capture_output=True).stdout
        os.environ["TMPDIR"] = str(env_root)
        try:
            self.paths("--staged")
            self.paths("--since", "HEAD")
        finally:
            del os.environ["TMPDIR"]
        self.assertEqual(os.listdir(env_root), [])
        self.assertEqual(subprocess.run(["git", "status", "--porcelain"], cwd=self.root, capture_output=True).stdout, before)

    def test_reasons(self):
        self.fails("check", "--since", "nowhere", naming=["nowhere", "no commit"])
        self.fails("check", "--since", "--output=x", naming=["--since"])
        self.write("a.ksp", GOOD + "\n")
        self.git("commit", "-qam", "second")
        first = subprocess.run(["git", "rev-parse", "HEAD~1"], cwd=self.root, capture_output=True, text=True).stdout.strip()
        subprocess.run(["git", "clone", "-q", "--depth", "1", "file://%s" % self.root, "shallow"], cwd=self.root, check=True)
        self.root = self.root / "shallow"
        self.fails("check", "--since", first, naming=["shallow clone", "--unshallow"])

    def test_outside_a_repository_and_without_git(self):
        shutil.rmtree(self.root / ".git")
        self.fails("check", "--staged", naming=["--staged", "no git repository"])
        path = os.environ["PATH"]
        os.environ["PATH"] = str(self.root)
        try:
            self.fails("check", "--staged", naming=["--staged", "git is not installed"])
        finally:
            os.environ["PATH"] = path


class Shards(Cli):
    def test_merged_is_the_same_as_one_run(self):
        for i in range(7):
            self.write("%d.ksp" % i, [GOOD, BROKEN, HANGS, 'import "shared/part.ksp"\n' + HANGS][i % 4])
        self.write("shared/part.ksp", "on release\n  if ($EVENT_NOTE > 60\n  end if\nend on\n")
        self.write("fermata.toml", '[rules]\nsyntax-error = "warning"\n')
        for count in (2, 3, 9):
            names = []
            for i in range(1, count + 1):
                names.append("part%d.bin" % i)
                self.assertEqual(self.run_it("check", "--shard", "%d/%d" % (i, count), "--output", names[-1]), (0, "", ""))
            for form in ("text", "json", "sarif", "github", "gitlab", "junit"):
                self.assertEqual(self.run_it("merge", "--format", form, *reversed(names)),
                                 self.run_it("check", "--format", form), form)

    def test_wrong_parts(self):
        self.write("a.ksp", GOOD)
        for shard in ("0/2", "3/2", "1", "a/b", "1/2x"):
            self.fails("check", "--shard", shard, "a.ksp", naming=["--shard"])
        self.fails("merge", self.write("x.bin", "nothing"), naming=["x.bin"])
        self.run_it("check", "--shard", "1/1", "--output", "p.bin", "a.ksp")
        whole = (self.root / "p.bin").read_bytes()
        for cut in (0, 1, len(whole) // 2, len(whole) - 1):
            self.fails("merge", self.write("x.bin", whole[:cut]), naming=["x.bin"])
        broken = bytearray(whole)
        broken[len(whole) // 2] ^= 1
        self.fails("merge", self.write("x.bin", bytes(broken)), naming=["x.bin"])


if __name__ == "__main__":
    unittest.main()
