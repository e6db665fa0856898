// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.linux.LinuxException;

import java.io.IOException;

/// What all findings together say. For one thread.
final class Examination {
    /// The source that is always there.
    private static final String LAST_SOURCE = "procfs";

    private String source = LAST_SOURCE;
    private String missing = "";

    /// {@return what is found of a topic; NO if looking at it goes wrong}
    ///
    /// @param topic the next one; of the sources the best is to come first
    Finding of(Topic topic) {
        Finding finding = examine(topic);
        if (topic.role() == Topic.Role.NEEDED && finding.isNo()) {
            missing += (missing.isEmpty() ? "" : ", ") + topic.name();
        }
        if (topic.role() == Topic.Role.SOURCE && !finding.isNo() && source.equals(LAST_SOURCE)) {
            source = topic.name();
        }
        return finding;
    }

    private static Finding examine(Topic topic) {
        try {
            return topic.examine();
        } catch (IOException | LinuxException | RuntimeException | LinkageError e) {
            return Finding.no("it can't be told: " + Failure.reason(e));
        }
    }

    /// {@return whether an instance can watch here}
    boolean canWatch() {
        return missing.isEmpty();
    }

    /// {@return the same for a person, in one line}
    String conclusion() {
        return canWatch()
                ? "An instance can watch here, by the source " + source + "."
                : "No instance can watch here: see " + missing + ".";
    }
}
