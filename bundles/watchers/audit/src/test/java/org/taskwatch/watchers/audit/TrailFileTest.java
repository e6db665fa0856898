// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.testing.FakeTask;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class TrailFileTest {
    private static final Pattern LINK = Pattern.compile("prev=(\\w{64}) sha256=(\\w{64})");

    @Rule public final TemporaryFolder temporary = new TemporaryFolder();

    private Path path(String name) {
        return temporary.getRoot().toPath().resolve(name);
    }

    private TrailFile file(long mostBytes) {
        Settings settings =
                new Settings(
                        path("audit.log"), mostBytes, 2, Settings.Sync.NONE, Settings.Full.COUNT);
        return new TrailFile(settings, InstantSource.fixed(FakeTask.EVENT), new AtomicLong(40));
    }

    private static void append(TrailFile file, String... batches) throws IOException {
        for (String batch : batches) {
            file.append(batch.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(path(name), StandardCharsets.ISO_8859_1);
    }

    /// {@return the hashes of a file, after each was computed again from what it is over}
    private static List<String> links(String text) throws Exception {
        List<String> links = new ArrayList<>();
        Matcher link = LINK.matcher(text);
        int from = 0;
        while (link.find()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(HexFormat.of().parseHex(link.group(1)));
            String over = text.substring(from, link.start(2));
            digest.update(over.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(link.group(2));
            links.add(link.group(1));
            links.add(link.group(2));
            from = text.indexOf('\n', link.end()) + 1;
        }
        assertThat(text.substring(from)).isEmpty();
        return links;
    }

    @Test
    public void shouldEndEachBatchWithTheHashOverItAndTheOneBefore() throws Exception {
        append(file(1000), "one\n", "two\nthree\n");

        String text = text("audit.log");
        assertThat(text)
                .matches(
                        "(?s)one\ntype=USER msg=audit\\(1700000000\\.000:41\\): pid=\\d+ uid=\\d+"
                                + " auid=4294967295 ses=4294967295 msg='op=chain prev=0{64}"
                                + " sha256=\\w{64} res=success'\ntwo\nthree\ntype=USER .*");
        List<String> links = links(text);
        assertThat(links).hasSize(4);
        assertThat(links.get(0)).isEqualTo(Chain.NONE);
        assertThat(links.get(2)).isEqualTo(links.get(1));
        assertThat(text("audit.head")).isEqualTo(links.get(3) + "\n");
    }

    @Test
    public void shouldGoOnWithTheChainInTheNextFileAndKeepSome() throws Exception {
        append(file(500), "one\n", "two\n", "three\n", "four\n");

        assertThat(text("audit.log")).startsWith("four\n");
        assertThat(text("audit.log.1")).startsWith("three\n");
        assertThat(text("audit.log.2")).startsWith("two\n");
        assertThat(path("audit.log.3")).doesNotExist();
        assertThat(links(text("audit.log")).get(0)).isEqualTo(links(text("audit.log.1")).get(1));
    }

    @Test
    public void shouldWriteABatchThatIsLargerThanAFileWhole() throws Exception {
        append(file(100), "x".repeat(300) + "\n", "y".repeat(300) + "\n");

        assertThat(links(text("audit.log.1"))).hasSize(2);
        assertThat(text("audit.log")).startsWith("yyy");
    }

    @Test
    public void shouldGoOnAfterAStopAndAfterADeathInTheMidstOfARecord() throws Exception {
        append(file(5000), "one\n");
        append(file(5000), "two\n");
        Files.writeString(path("audit.log"), "torn", StandardOpenOption.APPEND);
        append(file(600), "three\n"); // in the same file: the torn end has no hash yet

        String text = text("audit.log");
        assertThat(text).contains("\ntorn\nthree\n");
        List<String> links = links(text);
        assertThat(links.get(2)).isEqualTo(links.get(1));
        assertThat(links.get(4)).isEqualTo(links.get(3));
    }

    @Test
    public void shouldGoOnAfterADeathBetweenFileAndHead() throws Exception {
        TrailFile file = file(5000);
        append(file, "one\n");
        String head = text("audit.head");
        append(file, "two\n");
        Files.writeString(path("audit.head"), head);
        append(file(5000), "three\n");

        List<String> links = links(text("audit.log"));
        assertThat(links.get(4)).isEqualTo(links.get(3));
    }

    @Test
    public void shouldNotHideThatTheEndWasCutWhileItWasStopped() throws Exception {
        TrailFile file = file(5000);
        append(file, "one\n");
        String one = text("audit.log");
        append(file, "two\n", "three\n");
        String head = text("audit.head").strip();
        Files.writeString(path("audit.log"), one);
        append(file(5000), "four\n");

        List<String> links = links(text("audit.log"));
        assertThat(links.get(2)).isEqualTo(head).isNotEqualTo(links.get(1));
    }

    @Test
    public void shouldLeaveNoPartOfABatchThatCouldNotBeWritten() throws Exception {
        append(file(5000), "one\n");
        String before = text("audit.log");
        TrailFile full =
                new TrailFile(
                        new Settings(
                                path("audit.log"),
                                5000,
                                2,
                                Settings.Sync.NONE,
                                Settings.Full.COUNT),
                        InstantSource.fixed(FakeTask.EVENT),
                        new AtomicLong()) {
                    @Override
                    FileChannel open(Path path) throws IOException {
                        return new FullDisk(super.open(path), 20);
                    }
                };
        assertThatThrownBy(() -> append(full, "two two two two two two\n"))
                .hasMessage("No space left on device");

        assertThat(text("audit.log")).isEqualTo(before);
    }
}
