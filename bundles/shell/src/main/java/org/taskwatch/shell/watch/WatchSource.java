// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.watch;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The source of a watcher that runs the statements of a user, and gives what these print to a service, without which
/// it is not called. It stands on its own: it knows nothing of this bundle.
///
/// @param module its name, which is that of the class
/// @param service the value of [#SERVICE_PROPERTY], by which it finds that service
/// @param events what it watches
/// @param captures what is read of a task
/// @param filter which tasks, empty for all
/// @param statements what the user has written
record WatchSource(
        String module,
        String service,
        Set<TaskEvent> events,
        Set<Capture> captures,
        String filter,
        String statements) {
    /// The property of the service that takes what is printed.
    static final String SERVICE_PROPERTY = "taskwatch.watch";

    private static final String CLASS =
            """
            import java.time.*;
            import java.util.*;
            import java.util.function.*;
            import org.osgi.service.component.annotations.*;
            import org.taskwatch.api.*;

            @Component
            @WatchTask(value = {%2$s}, capture = {%3$s}, filter = %4$s)
            public class %1$s implements TaskWatcher {
                private final Consumer<String> output;

                @Activate
                public %1$s(@Reference(target = "(%5$s)") Consumer<String> output) {
                    this.output = output;
                }

                @Override
                public Verdict notify(TaskNotification n) throws Exception {
                    try {
                        run(n, n.event(), n.task(), n.details());
                    } catch (Exception e) {
                        println(e);
                        throw e;
                    }
                    return Verdict.ALLOW;
                }

                @Override
                public void lost(Loss loss) {
                    println(loss);
                }

                private void println(Object text) {
                    output.accept(String.valueOf(text));
                }

                private void printf(String format, Object... values) {
                    println(String.format(format, values));
                }

                private void run(TaskNotification n, TaskEvent event, Task task, TaskDetails details)
                        throws Exception {
            %6$s
                }
            }
            """;

    /// {@return the text of the class}
    String text() {
        return CLASS.formatted(
                module,
                constants("TaskEvent", events),
                constants("Capture", captures),
                literal(filter),
                SERVICE_PROPERTY + '=' + service,
                terminated());
    }

    private static String constants(String type, Set<? extends Enum<?>> constants) {
        return constants.stream()
                .map(constant -> type + "." + constant.name())
                .collect(Collectors.joining(", "));
    }

    private static String literal(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return '"' + escaped.replace("\n", "\\n") + '"';
    }

    private String terminated() {
        String stripped = statements.stripTrailing();
        return stripped.endsWith(";") || stripped.endsWith("}") ? stripped : stripped + ";";
    }

    /// {@return what the compiler says, with the lines counted as the user has written them}
    ///
    /// @param errors what it says of this source
    String inLinesOfUser(String errors) {
        int before = (int) CLASS.substring(0, CLASS.indexOf("%6$s")).lines().count();
        Pattern place = Pattern.compile(Pattern.quote(module) + "\\.java:(\\d+)");
        return place.matcher(errors).replaceAll(found -> line(found.group(1), before));
    }

    private static String line(String number, int before) {
        return Matcher.quoteReplacement("line " + (Integer.parseInt(number) - before));
    }
}
