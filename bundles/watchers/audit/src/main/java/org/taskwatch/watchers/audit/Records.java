// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.audit;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Loss;
import org.taskwatch.api.RawText;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.api.WaitStatus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Encodes events as the kernel's audit would. A field that is not known is left out, unless `ausearch` takes no
/// record without it: then it says so (`?`, or an id that is not set).
final class Records {
    static final String UNSET = "4294967295";

    /// How long a record of arguments gets, and how much of that the name and the length of one may take: as the
    /// kernel's `audit_log_execve_info`.
    private static final int MOST_EXECVE = 7500;

    private static final int NAME_ROOM = 96;
    private static final int NEXT_ROOM = NAME_ROOM + 8;
    private static final int MOST_PROCTITLE = 128;
    private static final Credentials UNKNOWN = new Credentials(-1, -1, -1, -1);

    /// That of this process.
    static final String UID = uid();

    private final TaskNotification n;
    private final Line line;

    private Records(TaskNotification n, long serial) {
        this.n = n;
        line = new Line(n.epochNanos(), serial);
    }

    /// {@return the records of an event}
    ///
    /// @param n the event; a FREE is of a task that was never born
    /// @param serial its number in the trail
    static String of(TaskNotification n, long serial) {
        return new Records(n, serial).encode();
    }

    private String encode() {
        Task task = n.task();
        switch (n.event()) {
            case CLONE -> {
                String flags = n.value() == -1 ? "?" : Long.toHexString(n.value());
                call(SystemCall.CLONE, " success=yes exit=" + task.pid(), flags, task.parent());
            }
            case EXEC -> call(SystemCall.EXECVE, " success=yes exit=0", "?", task);
            case UID -> changed(SystemCall.SETUID, credentials().uid());
            case GID -> changed(SystemCall.SETGID, credentials().gid());
            case EXIT -> exit(task);
            case FREE -> {
                String errno = n.value() > 0 ? " exit=-" + n.value() : "";
                call(SystemCall.CLONE, " success=no" + errno, "?", task.parent());
                line.searched("cause", n.cause());
            }
            case INIT -> throw new IllegalArgumentException("nothing has happened yet: " + n);
        }
        return end();
    }

    private void changed(SystemCall call, int id) {
        call(call, " success=yes exit=0", Integer.toHexString(id), n.task());
        if (n.value() != -1) {
            line.field("old", n.value());
        }
    }

    /// The kernel's record of this call has no result, as it does not return.
    private void exit(Task task) {
        WaitStatus status = new WaitStatus((int) n.value());
        boolean isKnown = n.value() != -1 && !status.isSignaled();
        call(SystemCall.EXIT_GROUP, "", isKnown ? Long.toHexString(status.exitCode()) : "?", task);
        if (n.value() != -1 && status.isSignaled()) {
            line.field("sig", status.signal());
        }
    }

    private String end() {
        if (n.origin() != Origin.OBSERVED) {
            line.field("origin", n.origin().name().toLowerCase(Locale.ROOT));
        }
        if (n.event() == TaskEvent.EXEC) {
            execve();
            if (n.details().workingDirectory().value().isPresent()) {
                line.record("CWD");
                Detail<String> folder = n.details().workingDirectory();
                line.untrusted("cwd", RawText.bytes(folder.orElse("")));
                line.add(folder.isCut() ? " cut=cwd" : "");
            }
        }
        proctitle();
        return line.toString();
    }

    private Credentials credentials() {
        return n.details().credentials().orElse(UNKNOWN);
    }

    /// @param result of the call, empty if there is none
    /// @param first its first argument
    /// @param caller who has called; null if that is not known
    private void call(SystemCall call, String result, String first, @Nullable Task caller) {
        TaskDetails details = n.details(); // at its birth a task has those of who has forked it
        Credentials ids = credentials();
        line.record("SYSCALL").field("arch", SystemCall.ARCH).field("syscall", call.number());
        line.add(result).field("a0", first).field("a1", "?");
        Task parent = caller == null ? null : caller.parent();
        if (parent != null) {
            line.field("ppid", parent.pid());
        }
        line.field("pid", caller == null ? "?" : caller.pid());
        line.id("auid", details.loginUid().orElse(-1));
        line.id("uid", ids.realUid()).id("gid", ids.realGid());
        line.id("euid", ids.uid()).id("egid", ids.gid());
        line.searched("comm", details.comm()).searched("exe", details.executable());
        line.field("key", "\"taskwatch\"");
    }

    /// The arguments, over several records if they are long, and an argument over several fields.
    private void execve() {
        if (n.details().commandLine().value().isEmpty()) {
            return;
        }
        boolean isCut = n.details().commandLine().isCut();
        List<String> arguments = n.details().commandLine().orElse(List.of());
        line.record("EXECVE");
        if (!isCut) {
            line.field("argc", arguments.size());
        }
        int room = MOST_EXECVE;
        int number = 0;
        for (String argument : arguments) {
            room = argument(number++, RawText.bytes(argument), room);
        }
        line.add(isCut ? " cut=yes" : "");
    }

    /// {@return how much room is left in the record}
    private int argument(int number, byte[] bytes, int before) {
        boolean isHex = bytes.length >= MOST_EXECVE || Line.needsHex(bytes);
        String value = isHex ? Line.hex(bytes) : Line.quoted(bytes).substring(1, bytes.length + 1);
        int quotes = isHex ? 0 : 2;
        int room = before;
        int done = 0;
        boolean isSplit = false;
        for (int piece = 0; piece == 0 || done < value.length(); piece++) {
            if (room < NEXT_ROOM) {
                line.record("EXECVE");
                room = MOST_EXECVE;
            }
            isSplit |= value.length() + quotes + NAME_ROOM > room;
            String name = "a" + number + (isSplit ? "[" + piece + "]" : "");
            if (isSplit && piece == 0) {
                String length = "a" + number + "_len";
                line.field(length, value.length());
                room -= length.length() + String.valueOf(value.length()).length() + 2;
            }
            room -= name.length() + 2 + quotes;
            int end = Math.min(value.length(), done + (isHex ? room & -2 : room));
            String part = value.substring(done, end);
            line.field(name, isHex ? part : '"' + part + '"');
            room -= part.length();
            done = end;
        }
        return room;
    }

    /// The last record of each event of the kernel, by which the tools know that it is whole.
    private void proctitle() {
        line.record("PROCTITLE");
        Detail<List<String>> command = n.details().commandLine();
        byte[] title = RawText.bytes(String.join("\0", command.orElse(List.of())));
        int end = Math.min(title.length, MOST_PROCTITLE);
        while (end > 0 && (title[end - 1] < ' ' || title[end - 1] == 0x7f)) {
            end--;
        }
        if (end == 0) {
            line.field("proctitle", "(null)");
        } else {
            line.untrusted("proctitle", Arrays.copyOf(title, end));
        }
    }

    /// {@return the record of events that are missing here}
    static String lost(Loss loss, long epochNanos, long serial) {
        return new Line(epochNanos, serial)
                .record("DAEMON_ERR")
                .field("op", "lost")
                .field("lost", loss.count())
                .field("place", loss.place().name().toLowerCase(Locale.ROOT))
                .field("since", loss.since())
                .searched("cause", loss.cause())
                .field("res", "failed")
                .toString();
    }

    /// {@return the record of the beginning or the end of the trail}
    static String daemon(String type, String op, long epochNanos, long serial) {
        return new Line(epochNanos, serial)
                .record(type)
                .field("op", op)
                .field("auid", UNSET)
                .field("pid", ProcessHandle.current().pid())
                .field("uid", UID)
                .field("ses", UNSET)
                .field("res", "success")
                .toString();
    }

    private static String uid() {
        try {
            int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return Integer.toUnsignedString(uid);
        } catch (IOException e) {
            return UNSET;
        }
    }
}
