// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.taskwatch.itests.Witness.Message;

import java.util.ArrayList;
import java.util.List;

/// What a witness has seen between two marks, compared with what was told.
///
/// @param missing messages whose event was not told as observed
/// @param silent messages that have no event: whether one was lost can't be seen
/// @param ambiguous of the missing ones those that a repair has told, which may have been read later
/// @param lost what was told as lost
record Sum(long missing, long silent, long ambiguous, long lost) {
    static Sum of(List<Message> seen, List<Told> told) {
        List<String> observed = keys(told, "OBSERVED");
        List<String> repaired = keys(told, "REPAIRED");
        long missing = 0;
        long silent = 0;
        long ambiguous = 0;
        for (Message message : seen) {
            String key = message.event() + message.tid();
            if (message.event().equals(Witness.SILENT)) {
                silent++;
            } else if (!observed.remove(key)) {
                missing++;
                // An end is told by a repair only if no record of it has come.
                ambiguous += !message.event().equals("EXIT") && repaired.contains(key) ? 1 : 0;
            }
        }
        long lost = told.stream().mapToLong(Told::count).sum();
        return new Sum(missing, silent, ambiguous, lost);
    }

    private static List<String> keys(List<Told> told, String origin) {
        List<String> keys = new ArrayList<>();
        for (Told line : told) {
            if (line.origin().equals(origin)) {
                keys.add(line.event() + line.tid());
            }
        }
        return keys;
    }
}
