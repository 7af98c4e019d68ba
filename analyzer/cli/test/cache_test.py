#!/usr/bin/env python3
"""The cache: the same report from it as without it, whatever changed in between and whatever happened to its files.

    cache_test.py PROGRAM
"""
import os
import signal
import subprocess
import time
import unittest

from cli_support import BROKEN, GOOD, Cli

HANGS = "on note\n  play_note($EVENT_NOTE + 12, 90, 0, 0)\nend on\n"


class Cache(Cli):
    def setUp(self):
        super().setUp()
        self.cache = self.root / "home"
        self.work = self.root / "work"
        self.work.mkdir()
        self.before = dict(os.environ)
        os.environ["XDG_CACHE_HOME"] = str(self.cache)

    def tearDown(self):
        os.environ.clear()
        os.environ.update(self.before)
        super().tearDown()

    def put(self, name, text):
        self.write("work/" + name, text)

    def check(self, *args):
        done = subprocess.run([*self.program(), "check", "--format", "json", *args], cwd=self.work, capture_output=True)
        return done.returncode, done.stdout, done.stderr.decode()

    def entries(self):
        return [p for p in self.cache.rglob("*") if p.is_file()]

    def same(self, *args):
        """Twice with the cache is once without it; gives the status."""
        without = self.check("--no-cache", *args)
        self.assertEqual(self.check(*args), without)
        self.assertEqual(self.check(*args), without)
        return without[0]

    def test_what_changes_is_seen(self):
        self.put("main.ksp", 'import "part.ksp"\non note\n  play_note(60, 90, 0, length)\nend on\n')
        self.put("part.ksp", "define length := -1\n")
        self.assertEqual(self.same(), 0)
        self.put("part.ksp", "define length := 00\n")  # as long as before
        os.utime(self.work / "part.ksp", (1, 1))
        self.assertEqual(self.same(), 1)
        self.put("fermata.toml", '[rules]\nevent-never-ended = "note"\nduration-may-be-zero = "note"\n')
        self.assertEqual(self.same(), 0)
        self.put("fermata.toml", '[assume]\nzones = "one-shot"\n')
        self.same()

    def test_missing_files_that_come(self):
        self.put("main.ksp", 'import "part.ksp"\non init\nend on\n')
        self.assertEqual(self.same("main.ksp"), 1)
        self.put("part.ksp", BROKEN)
        self.assertEqual(self.same("main.ksp"), 1)
        self.put("part.ksp", GOOD)
        self.assertEqual(self.same("main.ksp"), 0)

    def test_a_nearer_file_that_comes(self):
        self.put("main.ksp", 'import "deep/a.ksp"\n' + GOOD)
        self.put("deep/a.ksp", 'import "b.ksp"\n')
        self.put("b.ksp", "")
        self.assertEqual(self.same("main.ksp"), 0)
        self.put("deep/b.ksp", BROKEN)
        self.assertEqual(self.same("main.ksp"), 1)

    def test_folders_that_are_imported(self):
        self.put("main.ksp", 'import "parts"\n' + GOOD)
        self.put("parts/a.ksp", "define x := 1\n")
        self.assertEqual(self.same("main.ksp"), 0)
        self.put("parts/deep/b.ksp", BROKEN)
        self.assertEqual(self.same("main.ksp"), 1)
        os.remove(self.work / "parts/deep/b.ksp")
        self.assertEqual(self.same("main.ksp"), 0)

    def test_it_is_used(self):
        self.put("main.ksp", HANGS)
        self.check("main.ksp")
        self.assertEqual(len(self.entries()), 1)
        kept = self.entries()[0].stat().st_mtime
        figures = self.check("--stats", "main.ksp")[2]
        self.assertIn("analysis 0.000 s", figures)
        self.assertGreaterEqual(self.entries()[0].stat().st_mtime, kept)
        for text in (GOOD, BROKEN, HANGS + GOOD, GOOD + BROKEN, BROKEN + BROKEN, GOOD + GOOD):
            self.put("main.ksp", text)
            self.check("main.ksp")
        self.assertLessEqual(len(self.entries()), 4)

    def test_damaged_entries(self):
        self.put("main.ksp", HANGS)
        self.same("main.ksp")
        for damage in (lambda b: b"", lambda b: b[:40], lambda b: b[:-1], lambda b: bytes([b[0] ^ 1]) + b[1:],
                       lambda b: b[:100] + bytes([b[100] ^ 1]) + b[101:], lambda b: b + b"x"):
            whole = [entry for entry in self.entries() if entry.stat().st_size > 200]
            self.assertTrue(whole)
            for entry in whole:
                entry.write_bytes(damage(entry.read_bytes()))
            self.assertEqual(self.same("main.ksp"), 1)

    def test_no_cache_writes_nothing(self):
        self.put("main.ksp", HANGS)
        self.check("--no-cache", "main.ksp")
        self.assertEqual(self.entries(), [])

    def test_one_that_cannot_be_written(self):
        self.put("main.ksp", HANGS)
        self.cache.write_text("a file where a folder should be")
        status, out, err = self.check("main.ksp")
        self.assertEqual((status, err.count("\n")), (1, 1))
        self.assertIn("cannot be written", err)
        self.assertIn("--no-cache", err)
        self.assertEqual(out, self.check("--no-cache", "main.ksp")[1])

    def test_without_a_home(self):
        del os.environ["XDG_CACHE_HOME"]
        os.environ.pop("HOME", None)
        self.put("main.ksp", HANGS)
        self.assertEqual(self.same("main.ksp"), 1)

    def test_many_at_once_and_some_killed(self):
        for i in range(6):
            self.put("%d.ksp" % i, [GOOD, BROKEN, HANGS][i % 3])
        expected = self.check("--no-cache")[1]
        runs = [subprocess.Popen([*self.program(), "check", "--format", "json"], cwd=self.work, stdout=subprocess.PIPE)
                for _ in range(8)]
        for i, run in enumerate(runs):
            if i % 2:
                time.sleep(0.002 * i)
                run.send_signal(signal.SIGKILL)
        for i, run in enumerate(runs):
            out = run.communicate()[0]
            if run.returncode >= 0:
                self.assertEqual(out, expected)
        self.assertEqual(self.check()[1], expected)
        self.assertEqual(self.check()[1], expected)


if __name__ == "__main__":
    unittest.main()
