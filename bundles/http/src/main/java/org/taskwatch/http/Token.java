// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// What a client must know: 256 random bits, in a file that only the owner of the instance can read. It stays the same over
/// restarts, as whoever scrapes has it in its configuration; delete the file for a new one. Immutable.
final class Token {
    private static final int BYTES = 32;
    private static final Pattern TEXT = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");
    private static final String OWNER_ONLY = "rw-------";

    private final String text;

    private Token(String text) {
        this.text = text;
    }

    /// {@return the token of a file, which is written if there is none}
    ///
    /// @throws IOException if it can't be read or written, or holds something else
    static Token of(Path file) throws IOException {
        if (!Files.exists(file)) {
            write(file);
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!TEXT.matcher(text).matches()) {
            throw new IOException(
                    file
                            + " holds no token, which has %d hexadecimal digits; delete it, and a new one is made"
                                    .formatted(2 * BYTES));
        }
        return new Token(text);
    }

    /// Nobody ever sees a part of it.
    private static void write(Path file) throws IOException {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        Path fresh =
                Files.createTempFile(
                        file.getParent(),
                        "token",
                        "",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString(OWNER_ONLY)));
        Files.writeString(fresh, HexFormat.of().formatHex(bytes) + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// {@return whether a client knows it} It takes as long whatever the client has said.
    boolean is(String said) {
        return MessageDigest.isEqual(
                text.getBytes(StandardCharsets.US_ASCII), said.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return text;
    }
}
