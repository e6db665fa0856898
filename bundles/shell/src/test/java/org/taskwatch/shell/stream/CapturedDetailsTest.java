// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Usage;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

public class CapturedDetailsTest {
    private static final Set<Capture> ALL = EnumSet.allOf(Capture.class);
    private static final String CONTAINER = "0123456789abcdef".repeat(4);

    /// Details of which also is known what must be declared.
    private record Captured(String directory, int login) implements TaskDetails {
        private static final TaskDetails REST = FakeDetails.of("bash", "bash", "-l");

        @Override
        public Detail<String> comm() {
            return REST.comm();
        }

        @Override
        public Detail<Credentials> credentials() {
            return REST.credentials();
        }

        @Override
        public Detail<String> executable() {
            return REST.executable();
        }

        @Override
        public Detail<List<String>> commandLine() {
            return REST.commandLine();
        }

        @Override
        public Detail<String> workingDirectory() {
            return Detail.of(directory);
        }

        @Override
        public Detail<Cgroup> cgroup() {
            return Detail.of(
                    new Cgroup(
                            "/c",
                            Optional.of(new Cgroup.Container(CONTAINER, Cgroup.Runtime.DOCKER))));
        }

        @Override
        public Detail<String> userName() {
            return Detail.of("root");
        }

        @Override
        public Detail<Integer> loginUid() {
            return Detail.of(login);
        }

        @Override
        public Detail<Map<String, Long>> namespaces() {
            return Detail.of(Map.of("pid", 4026531836L, "net", 4026531840L));
        }

        @Override
        public Detail<Usage> usage() {
            return Detail.of(
                    new Usage(
                            Duration.ofNanos(1_234_567_890),
                            Duration.ofMillis(5),
                            OptionalLong.of(4096),
                            7,
                            8,
                            OptionalLong.empty(),
                            OptionalLong.of(512)));
        }
    }

    private static final TaskNotification KNOWN = exec(new Captured("/a \"b\"\u001b", 1000));
    private static final TaskNotification GONE = exec(FakeDetails.unknown(Detail.Reason.GONE));

    private static TaskNotification exec(TaskDetails details) {
        return FakeTask.process(7, null, details).event(TaskEvent.EXEC, 0, 1);
    }

    private static String text(EventFormat format, TaskNotification event) {
        StringBuilder line = new StringBuilder();
        format.append(line, event);
        return line.toString();
    }

    @Test
    public void shouldWriteEachDetailAsAFieldOfItsOwn() {
        assertThat(text(new JsonFormat(false, ALL), KNOWN))
                .contains(
                        "\"cmdline\":[\"bash\",\"-l\"],\"cwd\":\"/a \\\"b\\\"\\u001b\","
                                + "\"cgroup\":{\"path\":\"/c\",\"container\":\""
                                + CONTAINER
                                + "\",\"runtime\":\"DOCKER\"},"
                                + "\"user\":\"root\",\"login\":1000,"
                                + "\"namespaces\":{\"net\":4026531840,\"pid\":4026531836},"
                                + "\"usage\":{\"user_ns\":1234567890,\"system_ns\":5000000,"
                                + "\"max_resident\":4096,\"minor_faults\":7,\"major_faults\":8,"
                                + "\"read_bytes\":null,\"written_bytes\":512},"
                                + "\"value\":0,");
    }

    @Test
    public void shouldWriteNullAndTheReasonForADetailThatIsNotKnown() {
        assertThat(text(new JsonFormat(false, EnumSet.of(Capture.CWD, Capture.LOGIN)), GONE))
                .contains(
                        "\"cwd\":null,\"login\":null,"
                                + "\"unknown\":{\"cwd\":\"NOT_READ\",\"login\":\"NOT_READ\"},"
                                + "\"value\"");
    }

    @Test
    public void shouldWriteNoDetailThatNobodyAsksFor() {
        assertThat(text(new JsonFormat(false, EnumSet.of(Capture.USER)), KNOWN))
                .contains("\"user\":\"root\",\"value\"")
                .doesNotContain("cwd", "unknown");
    }

    @Test
    public void shouldAppendDetailsToTheEndOfALineOfColumns() {
        assertThat(text(new ColumnFormat(ALL, false), KNOWN))
                .endsWith(
                        " bash -l exe=/bin/bash cwd=/a \"b\"\\u{1b} cgroup=/c user=root login=1000"
                                + " namespaces=net:4026531840,pid:4026531836"
                                + " usage=user:1.234568,system:0.005000,resident:4096,minor:7,"
                                + "major:8,written:512\n");
        assertThat(text(new ColumnFormat(EnumSet.of(Capture.EXE, Capture.CWD), false), GONE))
                .endsWith(" (gone) exe=(gone) cwd=(not read)\n");
    }

    @Test
    public void shouldShowALoginAsAnUnsignedNumber() {
        TaskNotification event = exec(new Captured("/", -2));
        Set<Capture> login = EnumSet.of(Capture.LOGIN);

        assertThat(text(new JsonFormat(false, login), event)).contains("\"login\":4294967294,");
        assertThat(text(new ColumnFormat(login, false), event)).endsWith(" login=4294967294\n");
    }

    /// Details of which only the beginning is known.
    private record Beginnings() implements TaskDetails {
        @Override
        public Detail<String> comm() {
            return Detail.of("bash");
        }

        @Override
        public Detail<Credentials> credentials() {
            return Detail.of(new Credentials(0, 0, 0, 0));
        }

        @Override
        public Detail<String> executable() {
            return Detail.cut("/bin/b");
        }

        @Override
        public Detail<List<String>> commandLine() {
            return Detail.cut(List.of("bash", "-"));
        }

        @Override
        public Detail<String> workingDirectory() {
            return Detail.cut("/a");
        }

        @Override
        public Detail<Cgroup> cgroup() {
            return Detail.cut(new Cgroup("/c", Optional.empty()));
        }
    }

    @Test
    public void shouldSayWhatWasCut() {
        TaskNotification event = exec(new Beginnings());
        Set<Capture> places = EnumSet.of(Capture.CWD, Capture.CGROUP);

        assertThat(text(new JsonFormat(false, places), event))
                .contains(
                        "\"comm\":\"bash\",\"exe\":\"/bin/b\",\"cmdline\":[\"bash\",\"-\"],"
                                + "\"cwd\":\"/a\",\"cgroup\":{\"path\":\"/c\"},"
                                + "\"cut\":[\"exe\",\"cmdline\",\"cwd\",\"cgroup\"],\"value\"");
        assertThat(text(new JsonFormat(false, places), KNOWN)).doesNotContain("\"cut\"");
        assertThat(text(new ColumnFormat(places, false), event))
                .endsWith(" bash -… cwd=/a… cgroup=/c…\n");
    }
}
