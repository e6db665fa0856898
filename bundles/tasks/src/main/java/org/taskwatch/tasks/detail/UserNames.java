// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.RawText;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The names of users as `/etc/passwd` (`passwd(5)`) has them: read again when the file has
/// changed, which is checked once a second. Only the C library can find names from elsewhere, such
/// as LDAP. For one thread.
public final class UserNames {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final FileTime NEVER = FileTime.fromMillis(Long.MIN_VALUE);
    private static final int NAME_BYTES = 256;
    private static final Detail<String> NO_NAME = Detail.unknown(Reason.NONE);
    private static final int NAME = 0;
    private static final int UID = 2;

    private final Path file;
    private Map<Integer, Detail<String>> names = Map.of();
    private FileTime modified = NEVER;
    private long lookedNanos = System.nanoTime() - LOOK_NANOS;

    /// Makes one.
    ///
    /// @param file has the names
    public UserNames(Path file) {
        this.file = file;
    }

    /// {@return the name of a user, NONE if the file has none}
    ///
    /// @param uid the user
    public Detail<String> name(int uid) {
        long now = System.nanoTime();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            look();
        }
        return names.getOrDefault(uid, NO_NAME);
    }

    private void look() {
        try {
            FileTime time = Files.getLastModifiedTime(file);
            if (!time.equals(modified)) {
                names = read();
                modified = time;
            }
        } catch (IOException e) {
            names = Map.of(); // as on a machine without the file: nobody has a name
            modified = NEVER;
        }
    }

    private Map<Integer, Detail<String>> read() throws IOException {
        Map<Integer, Detail<String>> read = new HashMap<>();
        for (String line : RawText.of(Files.readAllBytes(file)).split("\n")) {
            String[] fields = line.split(":", -1);
            if (fields.length > UID && fields[UID].matches("\\d{1,10}")) {
                // The first of several lines counts, as for getpwuid(3).
                read.putIfAbsent(
                        (int) Long.parseLong(fields[UID]),
                        TextBounds.beginning(Detail.of(fields[NAME]), NAME_BYTES));
            }
        }
        return read;
    }
}
