// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Follows the chain of hashes through the files of an audit trail. Each record of the chain has the hash over the
/// one before, all bytes since, and its own up to the hash.
final class AuditChain {
    private static final Pattern RECORD =
            Pattern.compile(
                    "(type=USER msg=audit\\([0-9.:]+\\): pid=\\d+ uid=\\d+ auid=\\d+ ses=\\d+"
                            + " msg='op=chain prev=([0-9a-f]{64}) sha256=)([0-9a-f]{64})"
                            + " res=success'\n");

    private final Set<String> hashes = new HashSet<>();

    /// Since the last record of the chain.
    private final ByteArrayOutputStream since = new ByteArrayOutputStream();

    private @Nullable String last;
    private int files;
    private long lines;

    /// The file that is read, the line, and the first one that has no hash yet.
    private Path file = Path.of("");

    private long line;
    private long first;

    /// Checks the next file.
    ///
    /// @throws Failure if it is not what was written; the message tells the first place
    void check(Path next) throws IOException {
        file = next;
        files++;
        line = 0;
        first = 1;
        ByteArrayOutputStream begun = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(next))) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                begun.write(b);
                if (b == '\n') {
                    check(begun.toString(StandardCharsets.ISO_8859_1));
                    begun.reset();
                }
            }
        }
        if (begun.size() + since.size() > 0) {
            throw wrong(
                    first,
                    "what begins here has no hash: its end is missing, or the instance was killed,"
                            + " or it is writing just now");
        }
    }

    private void check(String text) {
        line++;
        lines++;
        Matcher record = RECORD.matcher(text);
        if (!record.matches()) {
            since.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        String before = record.group(2);
        String hash = record.group(3);
        MessageDigest digest = digest();
        digest.update(HexFormat.of().parseHex(before));
        digest.update(since.toByteArray());
        digest.update(record.group(1).getBytes(StandardCharsets.ISO_8859_1));
        if (!HexFormat.of().formatHex(digest.digest()).equals(hash)) {
            throw wrong(first, "this was changed, or what follows it until line " + line);
        }
        if (last != null && !last.equals(before)) {
            throw wrong(first, "something is missing before this");
        }
        last = hash;
        hashes.add(hash);
        since.reset();
        first = line + 1;
    }

    private Failure wrong(long at, String what) {
        return new Failure("%s, line %d: %s".formatted(file, at, what));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JVM has SHA-256", e);
        }
    }

    /// {@return whether the chain has a hash}
    boolean has(String hash) {
        return hashes.contains(hash);
    }

    /// {@return what there is, in one line}
    String summary() {
        return "intact: %d files, %d lines, %d hashes, the last %s"
                .formatted(files, lines, hashes.size(), last);
    }
}
