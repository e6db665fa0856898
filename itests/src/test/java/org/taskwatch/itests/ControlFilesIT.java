// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.taskwatch.itests.FileSystem.awaitThat;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The files of an instance, read by the programs of every day.
public class ControlFilesIT {
    private static final int READERS = 100;
    private static final String NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
    private static final Pattern EVENT = Pattern.compile("\"event\":\"(\\w+)\".*?\"tid\":(\\d+),");

    private static TempFolder folder;
    private static Instance taskwatch;
    private static FileSystem files;

    private final Scripts sh = new Scripts(folder.path(), taskwatch.base());

    @BeforeClass
    public static void start() throws IOException {
        FileSystem.assumeIsPossible();
        folder = TempFolder.create();
        Files.setPosixFilePermissions(
                folder.path(), PosixFilePermissions.fromString("rwxr-xr-x")); // for nobody
        taskwatch = new Instance(Instance.distribution(), folder.path());
        files = new FileSystem(taskwatch);
        taskwatch.run();
    }

    @AfterClass
    public static void stop() throws Exception {
        if (folder != null) {
            taskwatch.close();
            folder.close();
        }
    }

    @After
    public void endScripts() {
        sh.close();
    }

    private String out(String script) throws Exception {
        Result result = sh.call(script);
        assertThat(result.err()).as(script).isEmpty();
        assertThat(result.status()).as(script).isZero();
        return result.out();
    }

    @Test
    public void shouldListTheFilesWithTheirModesAndOwner() throws Exception {
        assertThat(out("ls -lR fs")).contains("-r-------- 1 root root");
        assertThat(out("cd fs; stat -c '%A %u %g %n' . *").lines())
                .contains(
                        "dr-xr-xr-x 0 0 .",
                        "-r-------- 0 0 events",
                        "-r--r--r-- 0 0 loss",
                        "-r--r--r-- 0 0 modules",
                        "-r--r--r-- 0 0 rates",
                        "-r--r--r-- 0 0 watchers");
    }

    @Test
    public void shouldShowWhatTheShellShows() throws Exception {
        String names = "awk '{ print $1, $2 }' ";
        for (String table : new String[] {"watchers", "modules"}) {
            Path shell = folder.path().resolve(table);
            Files.writeString(shell, taskwatch.call("shell", "task:" + table).out());

            assertThat(out(names + "fs/" + table)).isEqualTo(out(names + shell));
        }
        assertThat(taskwatch.call("shell", "task:sources").out())
                .contains(out("cat fs/loss").lines().toArray(String[]::new));
        assertThat(out("awk '$1 == \"READER\" { print $2 }' fs/loss").lines())
                .containsExactlyInAnyOrder("task:events", "relayfork", "kmonitor");
        assertThat(taskwatch.call("shell", "task:counters").out())
                .contains("controlfs_running_calls", "kmonitor_monitors", "lane_memory_bytes")
                .contains("reader_streams", "relayfork_receivers", "table_tasks");
        assertThat(out("awk 'NR > 1 { print $1, NF }' fs/rates"))
                .isEqualTo("0 7\n60 7\n300 7\n900 7\n");
        awaitThat(() -> !out("awk '$1 == 60 && $2 > 0' fs/rates").isEmpty());
    }

    @Test
    public void shouldBeReadByTheProgramsOfEveryDay() throws Exception {
        String copy = out("cp fs/loss loss && cat loss && rm loss");

        assertThat(copy).startsWith("PLACE ").contains("\nREADER ");
        assertThat(out("cat fs/loss")).isEqualTo(copy);
        assertThat(out("dd if=fs/loss bs=3 status=none")).isEqualTo(copy);
        assertThat(out("head -n 1 fs/loss; tail -n +2 fs/loss")).isEqualTo(copy);
        assertThat(out("wc -l < fs/loss").strip()).isEqualTo("" + copy.lines().count());
        assertThat(out("find fs -type f -name 'lo*s'")).isEqualTo("fs/loss\n");
        Running followed = sh.start("exec tail -n +1 -f fs/loss");
        awaitThat(() -> followed.out().equals(copy));
    }

    @Test
    public void shouldLetARecursiveSearchEnd() throws Exception {
        Result found = sh.call("grep -r seconds fs");

        // It may find itself in the events, which it does not wait for.
        assertThat(found.out()).contains("fs/rates:seconds forks clones execs exits events cpu\n");
        assertThat(found.err()).isEqualTo("grep: fs/events: Resource temporarily unavailable\n");
    }

    @Test
    public void shouldSayWhyWhatIsNotPossibleIsNot() throws Exception {
        String denied = "Permission denied\n";
        String impossible = "Operation not permitted\n";
        assertThatFails("echo 1 > fs/rates", denied);
        assertThatFails("truncate -s 0 fs/rates", denied);
        assertThatFails(NOBODY + "sh -c 'echo 1 > fs/rates'", denied);
        assertThatFails(NOBODY + "cat fs/events", denied);
        assertThatFails("echo 1 > fs/new", impossible);
        assertThatFails("mkdir fs/new", impossible);
        assertThatFails("ln -s rates fs/new", impossible);
        assertThatFails("rm -f fs/rates", impossible);
        assertThatFails("mv fs/rates fs/new", impossible);
        assertThatFails("chmod 666 fs/rates", impossible);
        assertThatFails("chown 1 fs/rates", impossible);
        assertThatFails("cat fs/new", "No such file or directory\n");
        assertThatFails("cat fs/rates/new", "Not a directory\n");
        assertThatFails("cat fs", "Is a directory\n");
        assertThat(out(NOBODY + "cat fs/rates")).startsWith("seconds ");
    }

    private void assertThatFails(String script, String reason) throws Exception {
        Result result = sh.call(script);
        assertThat(result.status()).as(script).isPositive();
        assertThat(result.err()).as(script).endsWith(reason);
    }

    @Test
    public void shouldGiveTheEventsLiveAndForgetAReaderThatIsKilled() throws Exception {
        Running tail = sh.start("exec tail -n +1 -f fs/events");
        awaitThat(() -> {
            folder.runMarked();
            return tail.out().contains(folder.marker());
        });
        assertThat(files.streams()).isEqualTo(1);

        tail.process().destroyForcibly().waitFor();
        awaitThat(() -> files.streams() == 0);
    }

    @Test
    public void shouldWakeAProgramThatPolls() throws Exception {
        Running reader =
                sh.start(
                        "exec "
                                + CProgram.ofPage("control-files.md", folder.path(), "poll")
                                + " fs/events 1000000");
        awaitThat(() -> {
            folder.runMarked();
            return reader.out().contains(folder.marker());
        });
        assertThat(reader.err()).doesNotContain("events:");
        reader.process().destroy();
    }

    @Test
    public void shouldGiveAHundredReadersTheSame() throws Exception {
        sh.start(
                "for i in $(seq %d); do cat fs/events > ../reader.$i & done; wait"
                        .formatted(READERS));
        awaitThat(() -> files.streams() == READERS);
        List<String> known =
                out("for i in $(seq 20); do /bin/true & echo $!; done; wait").lines().toList();
        Map<String, String> expected = new HashMap<>();
        known.forEach(pid -> expected.put(pid, " CLONE EXEC EXIT FREE"));

        for (int i = 1; i <= READERS; i++) {
            Path reader = folder.path().resolve("reader." + i);
            awaitThat(() -> told(reader, known).equals(expected));
        }
        sh.close();
        awaitThat(() -> files.streams() == 0);
    }

    /// {@return the events of some processes, in the order in which they were told}
    private static Map<String, String> told(Path reader, List<String> pids) throws IOException {
        Map<String, String> told = new HashMap<>();
        for (String line : Files.readAllLines(reader)) {
            Matcher event = EVENT.matcher(line);
            if (event.find() && pids.contains(event.group(2))) {
                told.merge(event.group(2), " " + event.group(1), String::concat);
            }
        }
        return told;
    }
}
