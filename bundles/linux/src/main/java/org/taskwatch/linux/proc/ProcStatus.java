// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What `/proc/TID/status` says of a task, see `proc_pid_status(5)`. Immutable, safe for all threads.
///
/// The file can be long: it has all groups of the user. What stands before them, the pid and the ids, is
/// in the first [#IDS_LIMIT] bytes; what is asked for behind the end of what was read is an
/// IllegalArgumentException.
public final class ProcStatus {
    /// How many bytes from the beginning surely hold the pid and the ids.
    public static final int IDS_LIMIT = 2048;

    // NGROUPS_MAX of `linux/limits.h` is 65536, each of up to 11 bytes.
    private static final int LIMIT = 1 << 20;
    private static final int HEX = 16;

    /// The user ids or group ids of a task, see `credentials(7)`. Ids are unsigned.
    ///
    /// @param real whose task it is
    /// @param effective what it may do
    /// @param saved what it can become again
    /// @param fileSystem what files it may open
    public record Ids(int real, int effective, int saved, int fileSystem) {}

    /// Each byte is one character. The kernel escapes line feeds in the name, which is the first line.
    private final String text;

    private ProcStatus(String text) {
        this.text = text;
    }

    /// {@return what the kernel says of a task now}
    ///
    /// @param tid its number
    /// @throws IOException if there is none, or this user may not read it
    public static ProcStatus of(int tid) throws IOException {
        return parse(ProcFile.read("/proc/" + tid + "/status", LIMIT));
    }

    /// {@return what a text says}
    ///
    /// @param text the content of the file, or its beginning
    public static ProcStatus parse(byte[] text) {
        return new ProcStatus(new String(text, StandardCharsets.ISO_8859_1));
    }

    /// {@return the process of the task}
    public int pid() {
        return Integer.parseInt(words("Tgid", 1)[0]);
    }

    /// {@return its user ids}
    public Ids uids() {
        return ids("Uid");
    }

    /// {@return its group ids}
    public Ids gids() {
        return ids("Gid");
    }

    /// {@return in how many pid namespaces that we see it has a number: 1 if it is in ours}
    public int pidNamespaces() {
        return words("NSpid", 1).length;
    }

    /// {@return whether a signal to this one task waits to be delivered}
    ///
    /// @param signal its number, 1 to 64
    public boolean isPending(int signal) {
        return (bits("SigPnd") >>> signal - 1 & 1) == 1;
    }

    /// {@return the signals that this one task has blocked: bit N - 1 for the signal N}
    public long blockedSignals() {
        return bits("SigBlk");
    }

    /// {@return the signals that its process ignores, likewise}
    public long ignoredSignals() {
        return bits("SigIgn");
    }

    /// {@return whether a capability is in force}
    ///
    /// @param capability its number in `linux/capability.h`, 0 to 63
    public boolean hasCapability(int capability) {
        return (bits("CapEff") >>> capability & 1) == 1;
    }

    private Ids ids(String field) {
        String[] words = words(field, 4);
        return new Ids(id(words[0]), id(words[1]), id(words[2]), id(words[3]));
    }

    private static int id(String word) {
        return Integer.parseUnsignedInt(word);
    }

    private long bits(String field) {
        return Long.parseUnsignedLong(words(field, 1)[0], HEX);
    }

    // A line is "FIELD:", a tab, and words with tabs between them.
    private String[] words(String field, int least) {
        String key = "\n" + field + ":\t";
        int begin = text.indexOf(key) + key.length();
        int end = text.indexOf('\n', begin);
        String[] words =
                begin < key.length() || end < 0
                        ? new String[0]
                        : text.substring(begin, end).strip().split("\\s+");
        if (words.length < least) {
            throw new IllegalArgumentException("no " + field + " in a status: " + beginning());
        }
        return words;
    }

    private String beginning() {
        return ProcFile.printable(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
