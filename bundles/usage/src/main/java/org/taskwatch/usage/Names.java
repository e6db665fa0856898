// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import org.taskwatch.api.Cgroup.Container;
import org.taskwatch.api.TaskDetails;

/// By which names a process is added up. Those in parentheses are no name that a process can have: programs have
/// 15 bytes at most, labels an equals sign.
final class Names {
    static final String NO_LABEL = "(without a label)";
    private static final String NO_CONTAINER = "(in no container)";
    private static final String NO_PROGRAM = "(name is not known)";
    private static final String NO_USER = "(user is not known)";

    private Names() {}

    /// {@return the name of the user, or else the number}
    static String user(TaskDetails process) {
        return process.userName()
                .value()
                .or(() ->
                        process.credentials()
                                .value()
                                .map(ids -> Integer.toUnsignedString(ids.uid())))
                .orElse(NO_USER);
    }

    static String container(TaskDetails process) {
        return process.cgroup()
                .value()
                .flatMap(group -> group.container().map(Container::id))
                .orElse(NO_CONTAINER);
    }

    static String program(TaskDetails process) {
        return process.comm().orElse(NO_PROGRAM);
    }
}
