// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Before;
import org.junit.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The trail is made here by what the documentation says of it, not by the watcher that writes it.
public class AuditCommandTest extends MainFixture {
    private static final String CHANGED = "this was changed, or what follows it until line ";

    private Path log = Path.of("");
    private String hash = "0".repeat(64);

    @Before
    public void write() throws Exception {
        log = Files.createDirectories(Path.of(base, "log"));
        Files.writeString(log.resolve("audit.log.1"), chained("one\ntwo\n") + chained("three\n"));
        Files.writeString(log.resolve("audit.log"), chained("four\n") + chained("five\n"));
        Files.writeString(log.resolve("audit.head"), hash + "\n");
    }

    /// {@return a batch with its record of the chain}
    private String chained(String batch) throws NoSuchAlgorithmException {
        String beginning =
                "type=USER msg=audit(1.000:1): pid=1 uid=0 auid=4294967295 ses=4294967295"
                        + " msg='op=chain prev="
                        + hash
                        + " sha256=";
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(HexFormat.of().parseHex(hash));
        digest.update((batch + beginning).getBytes(StandardCharsets.US_ASCII));
        hash = HexFormat.of().formatHex(digest.digest());
        return batch + beginning + hash + " res=success'\n";
    }

    private void replace(String name, String regex, String by) throws IOException {
        Path file = log.resolve(name);
        String text = Files.readString(file);
        assertThat(text.replaceFirst(regex, by)).isNotEqualTo(text);
        Files.writeString(file, text.replaceFirst(regex, by));
    }

    private void assertWrong(String name, String what) {
        assertOneLine(log.resolve(name) + what, 1, "audit", "verify", "--base", base);
    }

    @Test
    public void shouldSayThatATrailIsIntact() {
        assertThat(Main.execute("audit", "verify", "--base", base)).isZero();
        assertThat(out.toString())
                .isEqualTo("intact: 2 files, 9 lines, 4 hashes, the last %s\n".formatted(hash));
    }

    @Test
    public void shouldCheckFilesThatAreNamedOfWhichTheFirstMayBeGone() {
        assertThat(Main.execute("audit", "verify", log + "/audit.log")).isZero();
        assertThat(out.toString()).startsWith("intact: 1 files, 4 lines, 2 hashes");
    }

    @Test
    public void shouldFindAChangedByte() throws IOException {
        replace("audit.log.1", "two", "twO");
        assertWrong("audit.log.1", ", line 1: " + CHANGED + "3");
    }

    @Test
    public void shouldFindAChangedByteOfItsOwnRecords() throws IOException {
        replace("audit.log.1", "(?s)(three.*)pid=1 uid", "$1pid=2 uid");
        assertWrong("audit.log.1", ", line 4: " + CHANGED + "5");
    }

    @Test
    public void shouldFindARemovedLine() throws IOException {
        replace("audit.log", "five\n", "");
        assertWrong("audit.log", ", line 3: " + CHANGED + "3");
    }

    @Test
    public void shouldFindThatABatchWasRemovedWithItsHash() throws IOException {
        replace("audit.log", "four\n.*\n", "");
        assertWrong("audit.log", ", line 1: something is missing before this");
    }

    @Test
    public void shouldFindThatAFileWasRemoved() throws Exception {
        Files.move(log.resolve("audit.log"), log.resolve("audit.log.2"));
        Files.writeString(log.resolve("audit.log"), chained("six\n"));
        Files.move(log.resolve("audit.log.2"), log.resolve("gone"));
        assertWrong("audit.log", ", line 1: something is missing before this");
    }

    @Test
    public void shouldFindACutTail() throws IOException {
        replace("audit.log", "=success'\n$", "");
        assertWrong(
                "audit.log",
                ", line 3: what begins here has no hash: its end is missing, or the instance was"
                        + " killed, or it is writing just now");
    }

    @Test
    public void shouldFindATailThatIsCutBehindAHash() throws IOException {
        replace("audit.log", "five\n.*\n", "");
        assertWrong(
                "audit.log", ": its end is missing: what was written last has the hash " + hash);
    }

    @Test
    public void shouldNotTakeTheLastHashOfAnInstanceThatGoesOnForACutTail() throws Exception {
        Files.writeString(
                log.resolve("audit.log"),
                Files.readString(log.resolve("audit.log")) + chained("x\n"));
        assertThat(Main.execute("audit", "verify", "--base", base)).isZero();
    }

    @Test
    public void shouldSayThatThereIsNone() throws IOException {
        Files.delete(log.resolve("audit.log"));
        Files.delete(log.resolve("audit.log.1"));
        assertOneLine("there is no audit trail in " + log, 1, "audit", "verify", "--base", base);
        assertOneLine(
                log + "/gone: no such file or directory", 1, "audit", "verify", log + "/gone");
        assertOneLine(
                "unexpected argument 'check'; see taskwatch audit --help", 2, "audit", "check");
    }
}
