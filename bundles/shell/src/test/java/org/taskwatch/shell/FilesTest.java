// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.ServiceReference;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The files that the bundle contributes, as the bundle that serves them finds them.
public class FilesTest {
    private static final int MAX = 128 * 1024;

    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    @Test
    public void shouldShowWatchersAndModulesAsTheCommandsDo() throws Exception {
        assertThat(content("watchers")).isEqualTo(out("task:watchers")).hasLineCount(4);
        assertThat(content("modules")).isEqualTo(out("task:modules")).hasLineCount(3);
    }

    @Test
    public void shouldShowWhereEventsWereLost() throws Exception {
        assertThat(out("task:sources")).endsWith("\n\n" + content("loss"));
        assertThat(content("loss")).containsPattern("LANE +good +5 +2026-01-02T03:04:05");
    }

    @Test
    public void shouldLetAllReadWhatIsNoSecret() throws Exception {
        for (String path : new String[] {"watchers", "modules", "loss"}) {
            assertThat(mode(path)).as(path).isEqualTo(0444);
        }
        assertThat(mode("events")).isEqualTo(0400);
    }

    @Test
    public void shouldGiveEachReaderOfTheEventsAStreamOfItsOwn() throws Exception {
        OpenFile first = open("events");
        OpenFile second = open("events");
        try {
            assertThat(first.isStream()).isTrue();
            assertThatThrownBy(() -> first.read(0, MAX, false))
                    .isInstanceOf(FileException.class)
                    .hasMessageStartingWith("EAGAIN");
            for (TaskWatcher watcher : SHELL.watchers()) {
                watcher.notify(SHELL.fakes().bash.event(TaskEvent.EXEC, 0, 17));
            }
            for (OpenFile reader : new OpenFile[] {first, second}) {
                assertThat(text(reader.read(0, MAX, true)))
                        .startsWith("{\"event\":\"EXEC\",\"seq\":17,")
                        .endsWith("}\n");
            }
        } finally {
            first.close();
            assertThat(SHELL.watchers()).hasSize(1);
            second.close();
        }
        await().until(() -> !SHELL.isWatching());
    }

    @Test
    public void shouldTakeNoMoreReadersOfTheEventsThanMayBe() throws Exception {
        List<OpenFile> readers = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            readers.add(open("events"));
        }
        assertThatThrownBy(() -> open("events"))
                .isInstanceOf(FileException.class)
                .hasMessageStartingWith("ENFILE");
        readers.removeFirst().close();
        readers.add(open("events"));
        readers.forEach(OpenFile::close);
        await().until(() -> !SHELL.isWatching());
    }

    private static ServiceReference<ControlFile> file(String path) throws Exception {
        String filter = "(" + FilePath.FILE_PATH + "=" + path + ")";
        return SHELL.context().getServiceReferences(ControlFile.class, filter).stream()
                .findFirst()
                .orElseThrow();
    }

    private static Object mode(String path) throws Exception {
        return file(path).getProperty(FilePath.MODE);
    }

    private static OpenFile open(String path) throws Exception {
        return SHELL.context().getService(file(path)).open(new Client(1, 0, 0));
    }

    private static String content(String path) throws Exception {
        return text(open(path).read(0, MAX, true));
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static String out(String line) throws Exception {
        return SHELL.execute(line).out();
    }
}
