#!/usr/bin/env python3
"""The progress line: on a terminal, on work longer than a second, and nowhere else.

    progress_test.py PROGRAM
"""
import os
import pty
import time
import unittest

from cli_support import GOOD, Cli

HARD = "on note\n" + "".join("  play_note($EVENT_NOTE + %d, 90, 0, 0)\n" % i for i in range(40)) + "end on\n"


class Progress(Cli):
    def on_terminal(self, *args, **environment):
        """What the terminal shows, and how long it took."""
        out, begin = b"", time.monotonic()
        try:
            child, terminal = pty.fork()
        except OSError as error:  # no /dev/pts, as in a bare chroot
            self.skipTest(f"no terminal can be opened here: {error}")
        if child == 0:
            os.chdir(self.root)
            clean = {k: v for k, v in os.environ.items() if k != "CI"}
            os.execve(self.program()[0], [*self.program(), "check", "--quiet", "--no-cache", *args],
                      dict(clean, TERM="xterm", **environment))
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.waitpid(child, 0)
        os.close(terminal)
        return out.decode(), time.monotonic() - begin

    def slow_input(self):
        count = 2
        while count < 5000:
            for i in range(count):
                self.write("slow/%d.ksp" % i, HARD)
            out, seconds = self.on_terminal("slow")
            if seconds > 2.5:
                return out
            count *= 2
        self.fail("nothing takes long enough")

    def test_it_shows_and_goes_away(self):
        out = self.slow_input()
        self.assertRegex(out, r"fermata: \d+ of \d+ main files")
        self.assertIn("\x1b[K", out[out.rindex("main files"):])
        self.assertNotIn("main files", self.on_terminal("slow", CI="true")[0])
        self.assertNotIn("main files", self.run_it("check", "--quiet", "--no-cache", "slow")[2])

    def test_not_on_short_work(self):
        self.write("a.ksp", GOOD)
        self.assertEqual(self.on_terminal("a.ksp")[0], "")


if __name__ == "__main__":
    unittest.main()
