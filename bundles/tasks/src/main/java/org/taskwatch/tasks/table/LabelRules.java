// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.tasks.Label;
import org.taskwatch.tasks.detail.LabelSet;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// Labels processes by rules, before watchers are told of the event. Without rules it does nothing, and asks for nothing.
///
/// A process is asked for at each EXEC, at a change of its ids, when it is found late, and when the rules change. All rules
/// that are for it give their labels, see [LabelSet#ruled]; they all see the labels that it had before.
///
/// It may be given rules by any thread. The rest is for the pump thread.
public final class LabelRules {
    private record Rules(List<LabelRule> list, Set<Capture> captures) {
        static final Rules NONE = new Rules(List.of(), Set.of());
    }

    private final Runnable whenChanged;
    private final LongAdder withoutRoom = new LongAdder();

    /// Replaced as a whole by any thread.
    private volatile Rules rules = Rules.NONE;

    /// Those that all processes were asked by. The pump thread's own.
    private Rules caughtUp = Rules.NONE;

    /// Has none at first.
    ///
    /// @param whenChanged is run after each change, by the thread that makes it
    public LabelRules(Runnable whenChanged) {
        this.whenChanged = whenChanged;
    }

    /// Sets the rules, in place of those before. For any thread.
    ///
    /// @param next the rules, in their order
    public void set(List<LabelRule> next) {
        Set<Capture> captures = EnumSet.noneOf(Capture.class);
        next.forEach(rule -> captures.addAll(rule.filter().captures()));
        rules = new Rules(List.copyOf(next), Set.copyOf(captures));
        whenChanged.run();
    }

    /// {@return how many there are} For any thread.
    public int size() {
        return rules.list().size();
    }

    /// {@return what must be read at an EXEC so that they can be asked; immutable, the same object until they change} For any
    /// thread.
    public Set<Capture> captures() {
        return rules.captures();
    }

    /// {@return how often a process had no room for a label that a rule gives} For any thread.
    public long withoutRoom() {
        return withoutRoom.sum();
    }

    /// Labels the process of an event that is about to be told, and for which its details are read.
    ///
    /// @param event the event
    /// @param origin how it is known
    /// @param task its task
    /// @param reader reads what an EXEC would have had read
    public void apply(TaskEvent event, Origin origin, LinuxTask task, DetailReader reader) {
        Rules now = rules;
        if (!now.list().isEmpty() && !task.isThread() && isAsked(event, origin)) {
            if (event != TaskEvent.EXEC) {
                reader.read(TaskEvent.EXEC, task);
            }
            apply(now, task);
        }
    }

    private static boolean isAsked(TaskEvent event, Origin origin) {
        return switch (event) {
            case EXEC, UID, GID -> true;
            case CLONE -> origin == Origin.REPAIRED; // its EXEC may be lost
            case INIT, EXIT, FREE -> false;
        };
    }

    /// Labels the processes that are there, if the rules are new.
    ///
    /// @param tasks the table
    /// @param reader reads what is asked for
    public void catchUp(LiveTasks tasks, DetailReader reader) {
        Rules now = rules;
        if (now == caughtUp) {
            return;
        }
        reader.catchUp(tasks);
        for (LinuxTask task : tasks.all()) {
            if (!task.isThread() && task.isAlive()) {
                reader.read(TaskEvent.EXEC, task);
                apply(now, task);
            }
        }
        caughtUp = now;
    }

    private void apply(Rules now, LinuxTask process) {
        List<Label> given = new ArrayList<>();
        for (LabelRule rule : now.list()) {
            if (rule.filter().matches(process, process.details())) {
                given.addAll(rule.labels());
            }
        }
        if (!given.isEmpty()) {
            LabelSet labels = process.details().labelSet().ruled(given);
            TaskLabels.set(process, labels);
            if (given.stream().anyMatch(label -> !labels.values().containsKey(label.key()))) {
                withoutRoom.increment();
            }
        }
    }
}
