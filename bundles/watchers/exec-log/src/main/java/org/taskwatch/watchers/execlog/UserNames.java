// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.execlog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The names of users, as `/etc/passwd` (`passwd(5)`) has them when a number is first asked for.
/// Used by one thread.
final class UserNames {
    private static final Path PASSWD = Path.of("/etc/passwd");

    private final Map<Integer, String> names = new HashMap<>();

    /// {@return the name of a user, the number as text if it has none}
    String name(int uid) {
        return names.computeIfAbsent(uid, UserNames::find);
    }

    private static String find(int uid) {
        String number = Integer.toUnsignedString(uid);
        try {
            return Files.readAllLines(PASSWD).stream()
                    .map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 2 && fields[2].equals(number))
                    .map(fields -> fields[0])
                    .findFirst()
                    .orElse(number);
        } catch (IOException _) {
            return number;
        }
    }
}
