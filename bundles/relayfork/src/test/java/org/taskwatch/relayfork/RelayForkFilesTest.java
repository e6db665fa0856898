// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.Test;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.Signal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The files: what they take, what they refuse, and what they show.
public class RelayForkFilesTest extends RelayForkFixture {
    private void assertRefused(ControlFile file, String text, Errno errno) throws Exception {
        String before = read(file);
        assertThatThrownBy(() -> write(file, text))
                .as(text)
                .isInstanceOfSatisfying(
                        FileException.class, e -> assertThat(e.errno()).isEqualTo(errno));
        assertThat(read(file)).isEqualTo(before);
    }

    @Test
    public void shouldRegisterOnceAndRemoveAndWatchOnlyMeanwhile() throws Exception {
        int one = process();
        int two = process();
        assertThat(read(processes())).isEqualTo("\n");
        assertThat(watchers).hasValue(0);

        write(processes(), one + "\n");
        write(processes(), two + "");
        write(processes(), one + "\n");
        assertThat(read(processes())).isEqualTo(one + " " + two + " \n");
        assertThat(watchers).hasValue(1);

        write(processes(), "-" + one + "\n");
        assertThat(read(processes())).isEqualTo(two + " \n");
        assertThat(watchers).hasValue(1);
        write(processes(), "-" + two + "\n");
        assertThat(watchers).hasValue(0);
    }

    @Test
    public void shouldRefuseWhatIsNoProcessAndLoseNothing() throws Exception {
        int pid = process();
        write(processes(), pid + "");

        for (String text : new String[] {"", "x", "12x", "1 2", "0", "-0", "--5", "-", "+5"}) {
            assertRefused(processes(), text, Errno.EINVAL);
        }
        assertRefused(processes(), "99999999999", Errno.ERANGE);
        assertRefused(processes(), "-99999999999", Errno.ERANGE);
        assertRefused(processes(), "2147483647", Errno.ESRCH);
        assertRefused(processes(), "-1", Errno.ESRCH);
        assertRefused(processes(), ProcessHandle.current().pid() + "", Errno.EINVAL);
    }

    @Test
    public void shouldRefuseAThreadAndAZombie() throws Exception {
        Path[] threads;
        try (var files = Files.list(Path.of("/proc/self/task"))) {
            threads = files.toArray(Path[]::new);
        }
        assertRefused(processes(), threads[threads.length - 1].getFileName() + "", Errno.ESRCH);

        assertRefused(processes(), zombie(), Errno.ESRCH);
    }

    // The child ends only when its parent is a program that reaps none: a shell would.
    private String zombie() throws Exception {
        String script = "exec 3<&0; head -c 1 <&3 >/dev/null & echo $!; exec sleep 1000";
        Process parent = new ProcessBuilder("sh", "-c", script).start();
        started.add(parent);
        String child = parent.inputReader().readLine();
        Path name = Path.of("/proc", parent.pid() + "", "comm");
        Path stat = Path.of("/proc", child, "stat");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.readString(name).equals("sleep\n"));
        parent.outputWriter().append("x").flush();
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.readString(stat).contains(") Z "));
        return child;
    }

    @Test
    public void shouldTakeRealTimeSignalsOnlyBothEndsIncluded() throws Exception {
        assertThat(read(signal())).isEqualTo(Signal.REAL_TIME_MIN + "\n");

        for (int good : new int[] {Signal.REAL_TIME_MIN, 40, Signal.MAX}) {
            write(signal(), good + "\n");
            assertThat(read(signal())).isEqualTo(good + "\n");
        }
        for (String bad : new String[] {"33", "65", "0", "-40", "", "x", "40x", "99999999999"}) {
            assertRefused(signal(), bad, Errno.EINVAL);
        }
    }

    @Test
    public void shouldLetAProcessThatHasEndedLeave() throws Exception {
        int one = process();
        int two = process();
        write(processes(), one + "");
        write(processes(), two + "");

        started.getFirst().destroyForcibly().waitFor();

        assertThat(read(processes())).isEqualTo(two + " \n");
        assertRefused(processes(), "-" + one, Errno.ESRCH);
    }
}
