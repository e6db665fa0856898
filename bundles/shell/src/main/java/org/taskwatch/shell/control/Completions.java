// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.tool.UsageSums;
import org.taskwatch.gate.Gates;
import org.taskwatch.shell.TaskText;
import org.taskwatch.shell.config.Definitions;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Completes the arguments of commands; the profile says which command takes which. Where a service
/// is missing nothing is completed, and the shell works all the same.
@Component(service = Completions.class)
public final class Completions {
    // Written by Declarative Services, read by the threads of sessions.
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Modules modules;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable TaskTable tasks;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Gates gates;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Definitions definitions;

    /// Makes the component.
    public Completions() {}

    /// Defines the functions that the profile uses.
    ///
    /// @param session where to define them
    void define(CommandSession session) {
        session.put("__modules", (Function) (_, _) -> moduleNames());
        session.put("__pids", (Function) (_, _) -> pids());
        session.put("__comms", (Function) (_, _) -> comms());
        session.put("__gates", (Function) (_, _) -> gates());
        session.put("__events", (Function) (_, _) -> names(TaskEvent.values()));
        session.put("__captures", (Function) (_, _) -> names(Capture.values()));
        session.put("__settings", (Function) (_, _) -> settings());
        session.put("__sums", (Function) (_, _) -> names(UsageSums.By.values()));
    }

    private List<String> moduleNames() {
        Modules current = modules;
        return current == null
                ? List.of()
                : current.modules().stream().map(ModuleInfo::name).toList();
    }

    private List<String> pids() {
        return processes().map(task -> Integer.toString(task.pid())).toList();
    }

    private List<String> comms() {
        return processes().map(task -> TaskText.comm(task.details())).distinct().toList();
    }

    private List<String> gates() {
        Gates current = gates;
        return current == null
                ? List.of()
                : current.gates().stream()
                        .map(info -> Integer.toString(info.gate().pid()))
                        .toList();
    }

    private List<String> settings() {
        Definitions current = definitions;
        Stream<String> words = current == null ? Stream.empty() : current.words().stream();
        return Stream.concat(Stream.of("list", "get", "set", "unset"), words).toList();
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    private Stream<Task> processes() {
        TaskTable current = tasks;
        return current == null
                ? Stream.empty()
                : current.tasks().stream().filter(task -> !task.isThread());
    }
}
