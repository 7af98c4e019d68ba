"""A folder of its own for each test, and the program run in it. The program is the last argument of the test script."""
import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

# Of no run before this one.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)
FERMATA = str(pathlib.Path(sys.argv.pop()).resolve())
GOOD = "on note\n  play_note($EVENT_NOTE + 12, 90, 0, -1)\nend on\n"
HANGS = "on note\n  play_note($EVENT_NOTE + 12, 90, 0, 0)\nend on\n"
BROKEN = "on note\n  if ($EVENT_NOTE > 60\n    play_note(60, 90, 0, -1)\n  end if\nend on\n"


class Cli(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    @staticmethod
    def program():
        return [FERMATA]

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def run_it(self, *args, text=None):
        done = subprocess.run([FERMATA, *args], cwd=self.root, capture_output=True, timeout=60,
                              input=None if text is None else text.encode())
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def fails(self, *args, naming, text=None):
        status, out, err = self.run_it(*args, text=text)
        self.assertEqual(status, 2, err)
        self.assertEqual(err.count("\n"), 1, err)
        for word in naming:
            self.assertIn(word, err)
        return out
