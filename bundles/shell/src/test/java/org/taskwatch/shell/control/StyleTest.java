// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.shell.RunningShell;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// How the output of commands looks at a terminal of the client's, and behind pipes of the shell.
public class StyleTest {
    private static final String ESCAPE = "\u001b";

    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private static String out(String style, String line) throws IOException {
        try (ControlClient client = new ControlClient(SHELL.socket())) {
            client.send('S', style);
            client.send('E', line);
            return client.answer().out();
        }
    }

    @Test
    public void shouldColourAndCutWhatGoesToATerminal() throws IOException {
        assertThat(out("0 coloured", "task:modules"))
                .contains(ESCAPE + "[1mMODULE" + ESCAPE + "[0m", ESCAPE + "[32mLIVE" + ESCAPE)
                .contains(ESCAPE + "[31m5" + ESCAPE + "[0m"); // are lost
        assertThat(out("30 plain", "task:modules").lines())
                .allMatch(line -> line.length() <= 30)
                .first()
                .asString()
                .matches("MODULE .*…");
        for (String command : new String[] {"ps", "tree", "watchers", "sources", "counters"}) {
            assertThat(out("20 plain", command).lines())
                    .as(command)
                    .isNotEmpty()
                    .allMatch(line -> line.length() <= 20);
        }
    }

    @Test
    public void shouldLeaveWhatDoesNotGoToTheTerminalAsItIs() throws IOException {
        String plain = SHELL.out("task:modules").lines().findFirst().orElseThrow();
        for (String line :
                new String[] {
                    "task:modules | cat",
                    "task:modules > x; cat x",
                    "x = (task:modules); echo $x",
                    "y = { task:modules }; y | cat",
                    "y = { task:modules }; x = (y); echo $x",
                    "x = (each [1] { task:modules }); echo $x"
                }) {
            assertThat(out("10 coloured", "cd " + SHELL.base() + "; " + line))
                    .as(line)
                    .contains(plain)
                    .doesNotContain(ESCAPE);
        }
        assertThat(out("10 coloured", "rates --json")).doesNotContain(ESCAPE, "…");
    }

    @Test
    public void shouldShowTextOfOthersWithoutTheirEscapes() throws IOException {
        assertThat(out("0 coloured", "task:ps"))
                .contains("bash -c \\u{1b}[31mred")
                .doesNotContain(ESCAPE + "[31m");
    }

    @Test
    public void shouldShowEachEventAsTheWindowIsThen() throws Exception {
        try (ControlClient client = new ControlClient(SHELL.socket())) {
            client.send('S', "30 coloured");
            client.send('E', "task:events");
            TaskWatcher watcher = SHELL.watcher();
            assertThat(client.outputUntil("\n"))
                    .isEqualTo(ESCAPE + "[1mTIME            EVENT     TID" + ESCAPE + "[0m…\n");
            watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXEC, 0, 1));
            assertThat(client.outputUntil("\n"))
                    .matches(".{15} " + ESCAPE + "\\[1mEXEC" + ESCAPE + "\\[0m {6}200…\n");

            client.send('S', "20 coloured");
            await().until(() -> {
                watcher.lost(new Loss(1, Loss.Place.SOURCE, "x" + ESCAPE, Instant.EPOCH));
                return client.outputUntil("\n")
                        .equals(ESCAPE + "[31mLOST 1 events since" + ESCAPE + "[0m…\n");
            });
        }
        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldBeAsWideAsTheTerminalOfTheShellAndOnlyColouredIfTheClientSaysSo()
            throws IOException {
        for (String style : new String[] {"0 coloured", "0 plain"}) {
            try (ControlClient client = new ControlClient(SHELL.socket())) {
                client.send('S', style);
                client.send('I', "xterm 30 24 task:modules");
                String out = client.answer().out();
                assertThat(out).contains("…\r\n");
                assertThat(out.contains(ESCAPE + "[1mMODULE"))
                        .isEqualTo(style.equals("0 coloured"));
            }
        }
    }

    @Test
    public void shouldEndTheSessionOfAClientWhoseStyleMakesNoSense() throws IOException {
        try (ControlClient client = new ControlClient(SHELL.socket())) {
            client.send('S', "-1 coloured");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }
}
