// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.RawText;

import java.util.Arrays;

/// What the beginning of `/proc/PID/status` says, see `proc_pid_status(5)`. The kernel escapes line feeds
/// in the name, which is the first line.
final class StatusFile {
    private StatusFile() {}

    static Credentials credentials(byte[] bytes) {
        String status = RawText.of(bytes);
        int[] uids = ids(status, "\nUid:");
        int[] gids = ids(status, "\nGid:");
        return new Credentials(uids[1], gids[1], uids[0], gids[0]);
    }

    // "Uid:	real	effective	saved	file system"; ids are unsigned.
    private static int[] ids(String status, String key) {
        int begin = status.indexOf(key) + key.length();
        String line = status.substring(begin, status.indexOf('\n', begin)).trim();
        return Arrays.stream(line.split("\t")).mapToInt(Integer::parseUnsignedInt).toArray();
    }
}
