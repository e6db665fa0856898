// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;

import java.util.stream.Collectors;

/// What a command finds that `taskwatch gate` has become, and what it would find without.
public class GatedProcessTest extends GateFixture {
    /// The caller: what it gives to its command is unusual in all that can be.
    private static final String CALLER =
            """
            cd / && umask 027 && ulimit -Sn 600 && echo 500 >/proc/self/oom_score_adj
            exec 7</etc/passwd 40<&7 9>&1
            exec nice -n 3 env --ignore-signal=PIPE,USR1,HUP,QUIT,CHLD,WINCH --block-signal=USR2,TERM \\
                ODD=$'\\xff\\xfe\\x01\\x7f\\n' odd-name=1 home=mine base= SHLVL=7 PWD=/nowhere \\
                'BASH_FUNC_f%%=() { echo  f; }' IFS=x SHELLOPTS=braceexpand JAVA_TOOL_OPTIONS=-Xnone "$@"
            """;

    /// Lines of `/proc/PID/status` that are not of what is inherited.
    private static final String OWN =
            "Pid:|FDSize:|Tgid:|NSpid:|NStgid:|NSpgid:|PPid:|Vm.*|Rss.*|.*ctxt_switches:|Seccomp.*|SigQ:|Name:|x86_Thread.*|HugetlbPages:";

    private FakeGate gate;

    @Before
    public void open() throws Exception {
        gate = new FakeGate(base, "ok");
    }

    @After
    public void close() throws Exception {
        gate.close();
    }

    private String called(String... command) throws Exception {
        Result result = bash(CALLER, command);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return result.out();
    }

    private String gated(String... command) throws Exception {
        String[] words = new String[command.length + 3];
        words[0] = taskwatch;
        words[1] = "gate";
        words[2] = "--";
        System.arraycopy(command, 0, words, 3, command.length);
        return called(words);
    }

    private void assertSame(String... command) throws Exception {
        assertThat(gated(command)).isEqualTo(called(command)).isNotEmpty();
    }

    private static String inherited(String status) {
        return status.lines()
                .filter(line -> !line.split("\t")[0].matches(OWN))
                .collect(Collectors.joining("\n"));
    }

    @Test
    public void shouldLeaveSignalsIdsAndMaskAlone() throws Exception {
        String status = gated("cat", "/proc/self/status");
        assertThat(inherited(status))
                .isEqualTo(inherited(called("cat", "/proc/self/status")))
                .contains("SigBlk:\t0000000000004800", "Umask:\t0027")
                .containsPattern("SigIgn:\t[0-9a-f]{9}8011205\n");
        assertThat(status).contains("Seccomp:\t2\n");
    }

    @Test
    public void shouldLeaveLimitsPriorityFolderAndCoreDumpsAlone() throws Exception {
        assertSame("cat", "/proc/self/limits");
        assertSame("cat", "/proc/self/oom_score_adj", "/proc/self/coredump_filter");
        assertSame("nice");
        assertSame("pwd", "-P");
    }

    @Test
    public void shouldLeaveTheEnvironmentAloneByteByByte() throws Exception {
        assertSame("cat", "/proc/self/environ");
    }

    @Test
    public void shouldPassOnArgumentsByteByByte() throws Exception {
        String arguments = "printf '%s|' $'a\\xff\\n' '' -- '*' $'\\x01 ' ''";
        assertThat(bash("exec \"$1\" gate -- " + arguments, taskwatch).out())
                .isEqualTo("a\u00ff\n||--|*|\u0001 ||");
    }

    @Test
    public void shouldPassOnTheDescriptorsOfItsCallerAndNoOther() throws Exception {
        assertThat(gated("ls", "/proc/self/fd"))
                .isEqualTo(called("ls", "/proc/self/fd"))
                .contains("\n40\n");
        String closed = "exec <&- >&2 7<&-; exec \"$@\" ls /proc/self/fd";
        assertThat(bash(closed, taskwatch, "gate", "--").err())
                .isEqualTo(bash(closed).err())
                .startsWith("0\n1\n2\n"); // ls itself opens the lowest
    }

    @Test
    public void shouldBecomeTheCommandAndEndAsThat() throws Exception {
        Result exited = taskwatch("gate", "--", "sh", "-c", "echo $$; exit 7");
        assertThat(exited.status()).isEqualTo(7);
        assertThat(exited.out()).isEqualTo(exited.pid() + "\n");

        assertThat(taskwatch("gate", "sh", "-c", "kill -9 $$").status()).isEqualTo(128 + 9);
    }

    @Test
    public void shouldHaveForksAskedForFromTheFirstOn() throws Exception {
        String script = "(:); (:); env true; exit 3";
        assertThat(taskwatch("gate", "--", "sh", "-c", script).status()).isEqualTo(3);
        assertThat(gate.asked()).isEqualTo(3);
    }
}
