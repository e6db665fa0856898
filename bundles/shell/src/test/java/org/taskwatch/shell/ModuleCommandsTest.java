// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.shell.control.ControlClient.Answer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The commands that show and change modules, and that which tells what is wrong.
public class ModuleCommandsTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldListModulesAndWatchersInAlignedColumns() throws IOException {
        assertThat(SHELL.out("task:modules"))
                .isEqualTo(
                        """
                        MODULE  VERSION  STATE  REFS  USED BY        IN FLIGHT  CALLS  FAULTS  LANE  HIGHEST  LOST
                        good    1.2.3    LIVE      2  EXEC:1,EXIT:2          0     10       3  4/64        9     5
                        stuck   1.2.3    LIVE      3  EXEC:1,EXIT:2          1     10       3  4/64        9     5
                        """);
        assertThat(SHELL.out("task:watchers"))
                .containsPattern(
                        "org.example.Watcher +org.taskwatch.core +EXEC +- +yes +- +yes +LINKED")
                .containsPattern(
                        "org.example.Watcher +good +EXEC +CMDLINE,CWD +no +\\(comm=sh\\) +no"
                                + " +QUEUED");
    }

    @Test
    public void shouldRegisterAndUnregisterModules() throws IOException {
        assertThat(SHELL.out("task:unregister good"))
                .isEqualTo("unregistered good: no call is in flight\n");
        assertThat(SHELL.out("task:register good")).isEqualTo("registered good\n");

        assertThat(SHELL.out("task:resume good")).isEqualTo("good: nothing was suspended\n");
        assertThat(SHELL.out("task:resume stuck")).isEqualTo("resumed stuck\n");
        assertThat(SHELL.fakes().log)
                .containsSubsequence("unregister good", "register good", "resume good");
        assertThat(SHELL.execute("task:register x").err())
                .isEqualTo("task:register: no module named x\n");
    }

    @Test
    public void shouldNotStopABundleWhoseCallsDoNotEnd() throws IOException {
        Answer answer = SHELL.execute("task:unload stuck");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err())
                .startsWith("task:unload: unregistering module stuck: 1 call(s) did not end")
                .contains("org.example.Hangs on thread \"lane\"")
                .hasLineCount(1);
    }

    @Test
    public void shouldUnregisterAModuleAndThenStopItsBundle() throws IOException {
        assertThat(SHELL.out("task:unload good"))
                .isEqualTo("unloaded good: its bundle is stopped\n");
        assertThat(SHELL.fakes().log).containsSubsequence("unregister good", "stop good");

        SHELL.fakes().isUnstoppable = true;
        try {
            assertThat(SHELL.execute("task:unload good").err())
                    .isEqualTo(
                            "task:unload: good is unregistered, but its bundle could not be"
                                    + " stopped: its activator threw\n");
        } finally {
            SHELL.fakes().isUnstoppable = false;
        }
        assertThat(SHELL.execute("task:unload x").err())
                .isEqualTo("task:unload: no module named x\n");
    }

    @Test
    public void shouldTellWhatBlocksAnUnload() throws IOException {
        assertThat(SHELL.out("task:why stuck"))
                .isEqualTo(
                        """
                        org.example.Watcher is suspended: 100 faults in a row; see task:resume
                        org.example.Hangs on thread "lane" for 1500 ms
                            at org.example.Hangs.notify(Hangs.java:7)
                        """);
        assertThat(SHELL.out("task:why good")).isEqualTo("good: nothing is in flight\n");
        assertThat(SHELL.execute("task:why x").err()).isEqualTo("task:why: no module named x\n");
    }

    @Test
    public void shouldTellAllThatIsWrong() throws IOException {
        String rest =
                """
                org.example.Watcher of stuck is suspended: 100 faults in a row; see task:resume
                Bad.java: it does not compile
                source best can't be used: not here
                2 events were lost at source fake since 2026-01-02T03:04:05.000000006Z
                5 events were lost at lane good since 2026-01-02T03:04:05.000000006Z
                5 events were lost at lane stuck since 2026-01-02T03:04:05.000000006Z
                """;
        Path deploy = Files.createDirectories(SHELL.base().resolve("deploy"));
        Path source = Files.createFile(deploy.resolve("Bad.java"));
        Path errors =
                Files.writeString(
                        deploy.resolve("Bad.java.err"), "Bad.java: it does not compile\n");
        try {
            assertThat(SHELL.out("task:why")).isEqualTo(rest);
            SHELL.fakes().stuckIs(ModuleState.STUCK);
            assertThat(SHELL.out("task:why"))
                    .isEqualTo(
                            """
                            stuck 1.2.3 is STUCK
                            org.example.Hangs on thread "lane" for 1500 ms
                                at org.example.Hangs.notify(Hangs.java:7)
                            """
                                    + rest);
        } finally {
            SHELL.fakes().stuckIs(ModuleState.LIVE);
            Files.delete(source);
            Files.delete(errors);
        }
    }
}
