// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.RawText;
import org.taskwatch.linux.LinuxException;

import java.io.File;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Where the links in the folder of a task lead. Safe for all threads.
final class ProcLinks {
    private ProcLinks() {}

    /// {@return where a link leads}
    ///
    /// @param folder of the task
    /// @param name of the link in it
    /// @param limit how many bytes are kept at most
    static Detail<String> read(String folder, String name, int limit) {
        try {
            byte[] target = Reads.link(folder + "/" + name, limit + 1);
            return target.length > limit
                    ? Detail.cut(RawText.of(target, 0, limit))
                    : Detail.of(RawText.of(target));
        } catch (LinuxException e) {
            return Detail.unknown(
                    switch (e.errno()) {
                        case LinuxException.ENOENT, LinuxException.ESRCH -> Reason.GONE;
                        case LinuxException.EACCES -> Reason.DENIED;
                        default -> new File(folder).exists() ? Reason.FAILED : Reason.GONE;
                    });
        }
    }

    /// {@return the ids of the namespaces of a task by their types}
    ///
    /// @param folder of the task
    static Detail<Map<String, Long>> namespaces(String folder) {
        String[] types = new File(folder, "ns").list();
        if (types == null) {
            return Detail.unknown(new File(folder).exists() ? Reason.DENIED : Reason.GONE);
        }
        Map<String, Long> ids = new TreeMap<>();
        for (String type : types) {
            if (type.endsWith("_for_children")) {
                continue;
            }
            switch (read(folder, "ns/" + type, ProcFs.PATH_LIMIT)) {
                case Detail.Known<String>(String target) -> ids.put(type, inode(target));
                case Detail.Cut<String>(String target) -> ids.put(type, inode(target));
                case Detail.Unknown<String>(Reason reason) -> {
                    return Detail.unknown(reason);
                }
            }
        }
        return Detail.of(Collections.unmodifiableMap(ids));
    }

    // "net:[4026531840]"
    private static long inode(String target) {
        return Long.parseLong(target.substring(target.indexOf('[') + 1, target.length() - 1));
    }
}
