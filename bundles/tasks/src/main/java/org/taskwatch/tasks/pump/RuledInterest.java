// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Capture;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.tasks.table.LabelRules;

import java.util.EnumSet;
import java.util.Set;

/// What watchers ask for, and at EXEC the label rules too. Safe for all threads.
final class RuledInterest implements Interest {
    private final Interest watchers;
    private final LabelRules rules;

    /// Put together again only when one of the two is another: readers compare references.
    private volatile AtExec atExec = new AtExec(Set.of(), Set.of(), Set.of());

    private record AtExec(Set<Capture> byWatchers, Set<Capture> byRules, Set<Capture> all) {}

    RuledInterest(Interest watchers, LabelRules rules) {
        this.watchers = watchers;
        this.rules = rules;
    }

    @Override
    public Set<Capture> captures(TaskEvent event) {
        Set<Capture> byWatchers = watchers.captures(event);
        Set<Capture> byRules = rules.captures();
        return event == TaskEvent.EXEC && !byRules.isEmpty()
                ? atExec(byWatchers, byRules)
                : byWatchers;
    }

    private Set<Capture> atExec(Set<Capture> byWatchers, Set<Capture> byRules) {
        AtExec known = atExec;
        if (known.byWatchers != byWatchers || known.byRules != byRules) {
            Set<Capture> all = EnumSet.noneOf(Capture.class);
            all.addAll(byWatchers);
            all.addAll(byRules);
            known = new AtExec(byWatchers, byRules, Set.copyOf(all));
            atExec = known;
        }
        return known.all;
    }

    @Override
    public boolean isWatched(TaskEvent event) {
        return watchers.isWatched(event);
    }

    @Override
    public boolean isHurried(TaskEvent event) {
        return watchers.isHurried(event);
    }

    @Override
    public boolean threads() {
        return watchers.threads();
    }

    @Override
    public boolean threadEventsOff() {
        return watchers.threadEventsOff();
    }

    @Override
    public void threadEventsOn() {
        watchers.threadEventsOn();
    }

    @Override
    public void whenChanged(@Nullable Runnable listener) {
        watchers.whenChanged(listener);
    }
}
