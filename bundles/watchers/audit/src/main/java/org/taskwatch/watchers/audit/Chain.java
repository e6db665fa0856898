// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the chain of hashes stands. Each of its records has the hash over the one before and all bytes of the file
/// from that up to its own, so that a changed or missing byte is seen.
///
/// @param hash the hash that the next one is over, in hexadecimal digits
/// @param rest what stands in the file behind the last record of the chain: nothing, unless an instance was killed
record Chain(String hash, byte[] rest) {
    /// The hash that the first one is over.
    static final String NONE = "0".repeat(64);

    private static final Pattern RECORD =
            Pattern.compile(
                    "(?m)^type=USER [^\n]* msg='op=chain prev=(\\w{64}) sha256=(\\w{64}) [^\n]*\n");

    /// {@return where the chain stands} What was written to the head last counts: if that is not in the file, as
    /// somebody has cut it, the next record does not fit to it, and tells.
    ///
    /// @param end the end of the file, with its last record of the chain
    /// @param head what [#hash] was when the file was last written; empty if that is not known
    static Chain resume(byte[] end, String head) {
        String text = new String(end, StandardCharsets.ISO_8859_1);
        Matcher record = RECORD.matcher(text);
        String before = NONE;
        String last = NONE;
        int rest = 0;
        while (record.find()) {
            before = record.group(1);
            last = record.group(2);
            rest = record.end();
        }
        byte[] bytes = text.substring(rest).getBytes(StandardCharsets.ISO_8859_1);
        // Killed between the two: the head is one behind.
        boolean isLast = head.isEmpty() || (rest > 0 && head.equals(before));
        return new Chain(isLast ? last : head, bytes);
    }

    /// {@return the record that ends with the hash over what is written before it}
    ///
    /// @param batch what is written
    /// @param line the beginning of the record
    String record(byte[] batch, Line line) {
        String beginning =
                line.record("USER")
                        .field("pid", ProcessHandle.current().pid())
                        .field("uid", Records.UID)
                        .field("auid", Records.UNSET)
                        .field("ses", Records.UNSET)
                        .add(" msg='op=chain prev=" + hash + " sha256=")
                        .text();
        MessageDigest digest = digest();
        digest.update(HexFormat.of().parseHex(hash));
        digest.update(rest);
        digest.update(batch);
        digest.update(beginning.getBytes(StandardCharsets.US_ASCII));
        return beginning + HexFormat.of().formatHex(digest.digest()) + " res=success'\n";
    }

    /// {@return where the chain stands behind a record}
    ///
    /// @param record as [#record] gives it
    static Chain after(String record) {
        int at = record.indexOf("sha256=") + "sha256=".length();
        return new Chain(record.substring(at, at + NONE.length()), new byte[0]);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JVM has SHA-256", e);
        }
    }
}
