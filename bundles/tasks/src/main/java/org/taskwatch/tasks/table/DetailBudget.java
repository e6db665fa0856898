// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.HashMap;
import java.util.Map;

/// How many bytes of details the table keeps, for each user and of all. For the pump thread, except
/// [#limits(DetailLimits)].
///
/// A task is charged to its real user when it comes into the table, again whenever its details are
/// replaced, and given back when it goes. Once a user has used up his budget, or all users together
/// theirs, of each text that is read for him from then on only some bytes are kept; what is kept already
/// stays. What a fork shares with its forker counts for each of them. A thread shares the program of its
/// process, and what is around that too until one of the two has been read anew: what it shares does
/// not count for it.
final class DetailBudget {
    /// How many bytes are kept of each text beyond the budget.
    static final int SHORT_BYTES = 256;

    /// Stands for the user of a task whose ids are not known; no user has it.
    private static final int NOBODY_KNOWN = -1;

    private final Map<Integer, Use> byUser = new HashMap<>();
    private long total;

    /// What the tasks of one user hold.
    private static final class Use {
        long bytes;
    }

    // Written when the configuration changes, read by the pump.
    private volatile DetailLimits limits = DetailLimits.DEFAULT;

    /// Sets the limits; they hold for what is read from now on.
    void limits(DetailLimits next) {
        limits = next;
    }

    /// {@return how many bytes of arguments may be kept of a process of a user}
    int argumentsLimit(Detail<Credentials> ids) {
        return hasRoom(ids) ? limits.arguments() : SHORT_BYTES;
    }

    /// {@return how many bytes of a path may be kept of a task of a user}
    int pathLimit(Detail<Credentials> ids) {
        return hasRoom(ids) ? ProcFs.PATH_LIMIT : SHORT_BYTES;
    }

    private boolean hasRoom(Detail<Credentials> ids) {
        DetailLimits now = limits;
        return total < now.total() && used(uid(ids)) < now.perUser();
    }

    /// {@return how many bytes the tasks of a user hold}
    long used(int uid) {
        Use use = byUser.get(uid);
        return use == null ? 0 : use.bytes;
    }

    /// {@return how many bytes the tasks of all users hold}
    long used() {
        return total;
    }

    /// Charges a task for the details that it has now, instead of those before.
    void charge(LinuxTask task) {
        Details details = task.details();
        int bytes = task.isThread() ? ownBytes(task) : details.heapBytes();
        int uid = uid(details.credentials());
        if (bytes != task.chargedBytes || uid != task.chargedUid) {
            release(task);
            task.chargedUid = uid;
            task.chargedBytes = bytes;
            add(uid, bytes);
        }
    }

    // The parent of a thread is its process.
    private static int ownBytes(LinuxTask thread) {
        Surroundings its = thread.details().surroundings();
        LinuxTask process = thread.parent();
        return process != null && process.details().surroundings() == its ? 0 : its.heapBytes();
    }

    /// Gives back what a task was charged.
    void release(LinuxTask task) {
        add(task.chargedUid, -task.chargedBytes);
        task.chargedBytes = 0;
    }

    private void add(int uid, int bytes) {
        total += bytes;
        Use use = byUser.computeIfAbsent(uid, _ -> new Use());
        use.bytes += bytes;
        if (use.bytes == 0) {
            byUser.remove(uid);
        }
    }

    private static int uid(Detail<Credentials> ids) {
        return switch (ids) {
            case Detail.Known<Credentials>(Credentials known) -> known.realUid();
            case Detail.Cut<Credentials>(Credentials known) -> known.realUid();
            case Detail.Unknown<Credentials> _ -> NOBODY_KNOWN;
        };
    }
}
