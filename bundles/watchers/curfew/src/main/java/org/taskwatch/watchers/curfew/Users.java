// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.curfew;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The users as `/etc/passwd` has them, see `passwd(5)`. Immutable.
///
/// The rules are read with it once, so that a question only compares numbers.
final class Users {
    private static final int NAME = 0;
    private static final int UID = 2;
    private static final int FIELDS = 7;

    private final List<String> lines;

    Users(Path file) throws IOException {
        lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    }

    /// {@return the user id that a number or a name stands for}
    ///
    /// @throws IllegalArgumentException if it is no number and no name in the file
    int uid(String user) {
        if (user.matches("\\d+")) {
            return Integer.parseUnsignedInt(user);
        }
        return lines.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length == FIELDS && fields[NAME].equals(user))
                .map(fields -> Integer.parseUnsignedInt(fields[UID]))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }
}
