// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.forklimit;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Refuses the forks of a gated tree while too many of its processes are alive, or while it forks too fast.
///
/// It is there only while it is configured: otherwise it would have every gated fork wait for nothing.
@Designate(ocd = ForkLimit.Config.class)
@Component(
        service = {TaskWatcher.class, ForkLimit.class},
        configurationPid = ForkLimit.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@WatchTask(value = TaskEvent.INIT, delivery = Delivery.SYNC, threads = false)
public final class ForkLimit implements TaskWatcher {
    static final String PID = "org.taskwatch.watchers.forklimit";

    private static final String RULES = "rules";

    /// The configuration, as it is described. It is taken as a map: a key that is missing is not an empty one.
    @ObjectClassDefinition(
            name = "Fork limit",
            description = "when forks of a gated tree are refused by their number")
    public @interface Config {
        /// {@return the rules, with a semicolon between two}
        @AttributeDefinition(description = "as alive=50 rate=200, with semicolons between")
        String rules();
    }

    private static final System.Logger LOG = System.getLogger(ForkLimit.class.getName());

    private final Trees trees;

    /// Replaced as a whole by a change of the configuration, read by those who ask.
    private volatile List<Rule> rules = List.of();

    /// Made by Declarative Services.
    ///
    /// @param configuration `rules`, with a semicolon between two
    @Activate
    public ForkLimit(Map<String, Object> configuration) {
        this("", System::nanoTime);
        modify(configuration);
    }

    ForkLimit(String rules, LongSupplier nanos) {
        trees = new Trees(nanos);
        take(rules);
    }

    /// Takes other rules. They hold from the next fork on, with what has been counted. If one makes no
    /// sense, that is logged, and nothing changes.
    ///
    /// @param configuration as at the start
    @Modified
    public void modify(Map<String, Object> configuration) {
        Object text = configuration.get(RULES);
        if (text == null) { // a key that is misspelt must not take all rules away
            wrong("it has no key " + RULES);
        } else {
            take(text.toString());
        }
    }

    void take(String text) {
        try {
            rules = Rule.list(text);
        } catch (IllegalArgumentException e) {
            wrong(String.valueOf(e.getMessage()));
        }
    }

    private void wrong(String what) {
        LOG.log(
                Level.ERROR,
                "etc/{0}.cfg: {1}; nothing has changed, rules in force: {2}",
                PID,
                what,
                rules.size());
    }

    /// {@return what is counted, for the other watcher}
    Trees trees() {
        return trees;
    }

    @Override
    public Verdict notify(TaskNotification n) {
        Gate gate = n.task().gate();
        return gate == null ? Verdict.ALLOW : trees.fork(n.task(), gate, rule(gate));
    }

    private Rule rule(Gate gate) {
        return rules.stream().filter(rule -> rule.matches(gate)).findFirst().orElse(Rule.NO_LIMIT);
    }
}
