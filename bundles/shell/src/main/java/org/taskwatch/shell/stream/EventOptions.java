// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.Capture;
import org.taskwatch.api.RawText;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.control.Arguments;
import org.taskwatch.control.MisuseException;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/// What a client wants of a stream, by the options of the command `events`.
///
/// @param filter which events
/// @param captures what is asked for of the tasks
/// @param ancestry whether their ancestors are
record EventOptions(EventFilter filter, Set<Capture> captures, boolean ancestry) {
    /// Stands for all processes.
    private static final long ANY = 0;

    /// {@return what is wanted}
    ///
    /// @param arguments agree with the declaration of the command
    /// @throws MisuseException if one makes no sense all the same
    static EventOptions of(Arguments arguments) throws MisuseException {
        long pid = arguments.number("pid", ANY);
        EventFilter filter =
                new EventFilter(
                        arguments.set("event", TaskEvent.class, EnumSet.allOf(TaskEvent.class)),
                        task -> pid == ANY || task.pid() == pid,
                        !arguments.has("processes"),
                        comm(arguments).and(label(arguments)));
        return new EventOptions(
                filter,
                arguments.set("capture", Capture.class, EnumSet.noneOf(Capture.class)),
                arguments.has("ancestry"));
    }

    private static Predicate<TaskDetails> comm(Arguments arguments) throws MisuseException {
        String option = arguments.value("comm");
        if (option == null) {
            return _ -> true;
        }
        try {
            String comm = RawText.unescape(option);
            return details -> comm.equals(details.comm().orElse(""));
        } catch (IllegalArgumentException e) {
            throw new MisuseException("--comm: " + e.getMessage());
        }
    }

    private static Predicate<TaskDetails> label(Arguments arguments) {
        String label = arguments.value("label");
        if (label == null) {
            return _ -> true;
        }
        String[] parts = label.split("=", 2);
        return details -> {
            String value = details.labels().get(parts[0]);
            return value != null && (parts.length == 1 || value.equals(parts[1]));
        };
    }

    /// {@return what is shown of a task}
    Set<Capture> shown() {
        EnumSet<Capture> shown = EnumSet.copyOf(EventStreams.SHOWN);
        shown.addAll(captures);
        return shown;
    }

    /// {@return the format for programs}
    JsonFormat json() {
        return new JsonFormat(ancestry, captures);
    }
}
