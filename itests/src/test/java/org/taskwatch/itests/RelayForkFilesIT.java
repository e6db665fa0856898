// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.itests.Instance.Result;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Relay fork as its users have it: by its files, its configuration and its commands.
public class RelayForkFilesIT extends RelayForkFixture {
    private final Path signal = files.resolve("signal");

    @Test
    public void shouldTakeAConfigurationAndCommands() throws Exception {
        Receiver told = receiveLater();
        Path etc = taskwatch.base().resolve("etc/org.taskwatch.relayfork.cfg");

        Files.writeString(etc, "signal = 33\nprocesses = " + told.process().pid());
        run.awaitErr("\"33\" is no signal");
        assertThat(Files.readString(processes)).isEqualTo("\n");
        Files.writeString(etc, "signal = 34\nprocesses = " + told.process().pid());
        awaitThat(() -> isRegistered(told.process().pid()));
        awaitTold(told, fork(1));

        assertThat(taskwatch.call("shell", "relayfork:list").out())
                .contains(told.process().pid() + " ");
        Result refused = taskwatch.call("shell", "relayfork:signal", "33");
        assertThat(refused.err()).contains("33").hasLineCount(1);
        assertThat(refused.status()).isEqualTo(2);
        String pid = told.process().pid() + "";
        assertThat(taskwatch.call("shell", "relayfork:remove", pid).status()).isZero();
        assertThat(Files.readString(processes)).isEqualTo("\n");
        assertThat(taskwatch.call("shell", "relayfork:remove", pid).err()).contains("ESRCH");
    }

    @Test
    public void shouldServeAShellThatHasEchoCatAndTailOnly() throws Exception {
        Receiver told = receiveLater();
        String script =
                """
                cd "$0"
                cat processes signal
                echo $1 > processes && echo $1 > processes && cat processes
                echo -$1 > processes && cat processes
                echo -$1 > processes || echo refused
                echo 99999999999 > processes || echo refused
                echo word > processes || echo refused
                echo 33 > signal || echo refused
                echo 64 > signal && tail -n 1 signal
                cat lost
                echo 1 > lost || echo refused
                """;
        String pid = told.process().pid() + "";
        Process shell =
                new ProcessBuilder("sh", "-c", script, files + "", pid)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        started.add(shell);

        assertThat(shell.inputReader().lines())
                .containsExactly(
                        "", "34", pid + " ", "", "refused", "refused", "refused", "refused", "64",
                        "refused");
    }

    @Test
    public void shouldFailAsAKernelFileWould() throws Exception {
        for (String text : new String[] {"x", "0", "", ProcessHandle.current().pid() + " 1"}) {
            assertThatThrownBy(() -> write(processes, text))
                    .as(text)
                    .hasMessageContaining("Invalid argument");
        }
        String daemon = run.process().pid() + "";
        assertThatThrownBy(() -> write(processes, daemon)).hasMessageContaining("Invalid argument");
        assertThatThrownBy(() -> write(processes, "99999999999"))
                .hasMessageContaining("Numerical result out of range");
        assertThatThrownBy(() -> write(processes, "2147483647"))
                .hasMessageContaining("No such process");
        assertThatThrownBy(() -> write(processes, "-1")).hasMessageContaining("No such process");
        assertThatThrownBy(() -> write(signal, "33")).hasMessageContaining("Invalid argument");
        assertThat(Files.readString(signal)).isEqualTo("34\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(processes)))
                .isEqualTo("rw-r--r--");
        assertThat(
                        new ProcessBuilder(
                                        "setpriv",
                                        "--reuid",
                                        OTHER_USER,
                                        "sh",
                                        "-c",
                                        "cat %s && ! echo 1 > %s".formatted(processes, processes))
                                .start()
                                .waitFor())
                .isZero();
    }
}
