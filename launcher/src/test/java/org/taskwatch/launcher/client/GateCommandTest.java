// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.base.InstanceLock;

import java.nio.file.Files;
import java.nio.file.Path;

/// What `taskwatch gate` asks an instance for, and how it fails.
public class GateCommandTest extends GateFixture {
    private void assertFails(int status, String line, String... arguments) throws Exception {
        Result result = taskwatch(arguments);
        assertThat(result.err()).isEqualTo("taskwatch: " + line + "\n");
        assertThat(result.out()).isEmpty();
        assertThat(result.status()).isEqualTo(status);
    }

    @Test
    public void shouldAskWithWhatItIsGiven() throws Exception {
        try (FakeGate gate = new FakeGate(base, "ok")) {
            assertThat(taskwatch("gate", "true", "--late", "--").status()).isZero();
            assertThat(
                            taskwatch(
                                            "gate",
                                            "--keep",
                                            "--label=a b",
                                            "--late",
                                            "refuse",
                                            "--",
                                            "/bin/true",
                                            "x")
                                    .status())
                    .isZero();
            assertThat(gate.requests())
                    .containsExactly(
                            "taskwatch-gate 1\nlate=\nkeep=false\nlabel=\ncommand=true",
                            "taskwatch-gate 1\nlate=refuse\nkeep=true\nlabel=a+b\n"
                                    + "command=%2Fbin%2Ftrue");
        }
    }

    @Test
    public void shouldAnswerWrongUseWith125() throws Exception {
        assertFails(
                125, "missing argument COMMAND...; see taskwatch gate --help", "gate", "--keep");
        assertFails(125, "unknown option '--kep'; see taskwatch gate --help", "gate", "--kep", "x");
        assertFails(
                125,
                "--late must be allow or refuse, is maybe; see taskwatch gate --help",
                "gate",
                "--late=maybe",
                "x");
    }

    @Test
    public void shouldExitWith125WhereNoInstanceTakesIt() throws Exception {
        assertFails(
                125,
                "no instance runs on %1$s; start one by: taskwatch run".formatted(base.directory()),
                "gate",
                "true");
        base.create();
        try (InstanceLock _ = InstanceLock.acquire(base)) {
            assertFails(
                    125,
                    "the instance on %s, pid %d, takes no commands: it is starting or stopping, or its bundle org.taskwatch.gate is stopped"
                            .formatted(base.directory(), ProcessHandle.current().pid()),
                    "gate",
                    "true");
        }
    }

    @Test
    public void shouldExitWith125WhereTheInstanceRefuses() throws Exception {
        String line = "the instance on " + base.directory() + " does not take the command: ";
        try (FakeGate _ = new FakeGate(base, "error there are 64 gates already")) {
            assertFails(125, line + "there are 64 gates already", "gate", "true");
        }
        try (FakeGate _ = new FakeGate(base, "")) {
            assertFails(125, line + "the instance has given no answer", "gate", "true");
        }
    }

    @Test
    public void shouldExitWith125BelowAGate() throws Exception {
        try (FakeGate gate = new FakeGate(base, "ok")) {
            assertFails(
                    125,
                    "seccomp of a filter failed: EBUSY; this is below a gate, or another listener,"
                            + " already, and the kernel allows one",
                    "gate",
                    taskwatch,
                    "gate",
                    "true");
            assertThat(gate.requests()).hasSize(1);
        }
    }

    @Test
    public void shouldTellThatACommandCannotBeRunAsAShellDoes() throws Exception {
        try (FakeGate _ = new FakeGate(base, "ok")) {
            assertFails(
                    127,
                    "cannot run no-such-program: command not found",
                    "gate",
                    "no-such-program");
            assertFails(
                    127,
                    "cannot run /no/such: no such file or directory",
                    "gate",
                    "--",
                    "/no/such");
            assertFails(127, "cannot run : command not found", "gate", "");
            assertFails(126, "cannot run /etc: permission denied", "gate", "/etc");
        }
    }

    @Test
    public void shouldNameTheInterpreterOfAScriptThatIsMissing() throws Exception {
        Path folder = temporary.newFolder("scripts").toPath();
        Path script = Files.writeString(folder.resolve("old"), "#! /no/such/perl\r\nprint\r\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        String why = ": it is there, but its interpreter /no/such/perl^M is not";
        try (FakeGate _ = new FakeGate(base, "ok")) {
            assertFails(127, "cannot run " + script + why, "gate", script.toString());
            String onPath = "PATH=%s:$PATH; exec \"$1\" gate old".formatted(folder);
            assertThat(bash(onPath, taskwatch))
                    .extracting(Result::status, Result::err)
                    .containsExactly(127, "taskwatch: cannot run old" + why + "\n");
        }
    }

    @Test
    public void shouldTakeTheBaseBeforeTheCommandToo() throws Exception {
        Path other = temporary.newFolder("other").toPath();
        try (FakeGate _ = new FakeGate(new Base(other), "ok")) {
            assertThat(taskwatch("--base", other.toString(), "gate", "true").status()).isZero();
            assertThat(taskwatch("--base=" + other, "gate", "true").status()).isZero();
        }
    }

    @Test
    public void shouldRunAScriptWithoutAnInterpreterAsExecvpDoes() throws Exception {
        Path script = temporary.newFile("script").toPath();
        Files.writeString(script, "echo \"$@\"; exit 5\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (FakeGate _ = new FakeGate(base, "ok")) {
            Result result = taskwatch("gate", script.toString(), "a", "b");
            assertThat(result.status()).isEqualTo(5);
            assertThat(result.out()).isEqualTo("a b\n");
        }
    }

    @Test
    public void shouldLookForTheCommandAlongThePathAsExecvpDoes() throws Exception {
        Path denied = temporary.newFolder("denied").toPath();
        Files.writeString(denied.resolve("tool"), "echo denied");
        Path own = temporary.newFolder("own").toPath();
        Path tool = Files.writeString(own.resolve("tool"), "#!/bin/sh\necho own \"$1\"\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        String gate = "exec \"$1\" gate tool x";
        try (FakeGate _ = new FakeGate(base, "ok")) {
            String both = "PATH=/no:%s:%s:$PATH; ".formatted(denied, own);
            assertThat(bash(both + gate, taskwatch).out()).isEqualTo("own x\n");
            String here = "cd '%s'; PATH=:$PATH; ".formatted(own);
            assertThat(bash(here + gate, taskwatch).out()).isEqualTo("own x\n");
            String none = "PATH=%s:$PATH; ".formatted(denied);
            assertThat(bash(none + gate, taskwatch))
                    .extracting(Result::status, Result::err)
                    .containsExactly(126, "taskwatch: cannot run tool: permission denied\n");
        }
    }
}
