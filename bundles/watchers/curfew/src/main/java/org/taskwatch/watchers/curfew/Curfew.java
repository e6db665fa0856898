// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.curfew;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;

/// Refuses forks in gated trees by the user and the name of who forks, and by the time of day.
///
/// It is there only while it is configured: otherwise it would have every gated fork wait for nothing.
@Designate(ocd = Curfew.Config.class)
@Component(configurationPid = Curfew.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@WatchTask(value = TaskEvent.INIT, delivery = Delivery.SYNC, threads = false)
public final class Curfew implements TaskWatcher {
    static final String PID = "org.taskwatch.watchers.curfew";

    private static final String RULES = "rules";

    /// The configuration, as it is described. It is taken as a map: a key that is missing is not an empty one.
    @ObjectClassDefinition(
            name = "Curfew",
            description = "when forks of a gated tree are refused by user, name and time of day")
    public @interface Config {
        /// {@return the rules, with a semicolon between two}
        @AttributeDefinition(
                description = "as deny user=alice from=22:00 to=06:00, with semicolons between")
        String rules();
    }

    private static final System.Logger LOG = System.getLogger(Curfew.class.getName());
    private static final Path USERS = Path.of("/etc/passwd");

    private final Clock clock;
    private final Path users;

    /// Replaced as a whole by a change of the configuration, read by those who ask.
    private volatile List<Rule> rules = List.of();

    /// Made by Declarative Services.
    ///
    /// @param configuration `rules`, with a semicolon between two
    @Activate
    public Curfew(Map<String, Object> configuration) {
        this("", Clock.systemDefaultZone(), USERS);
        modify(configuration);
    }

    Curfew(String rules, Clock clock, Path users) {
        this.clock = clock;
        this.users = users;
        take(rules);
    }

    /// Takes other rules. They hold from the next fork on. If one makes no sense, that is logged, and nothing
    /// changes.
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
            rules = Rule.list(text, new Users(users));
        } catch (IllegalArgumentException | IOException e) {
            wrong(
                    e instanceof IOException
                            ? "can't read the users: " + e
                            : String.valueOf(e.getMessage()));
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

    @Override
    public Verdict notify(TaskNotification n) {
        Gate gate = n.task().gate();
        return gate == null ? Verdict.ALLOW : verdict(n.details(), gate);
    }

    private Verdict verdict(TaskDetails forker, Gate gate) {
        int uid = forker.credentials().value().map(Credentials::uid).orElse(gate.uid());
        String comm = forker.comm().orElse("");
        LocalTime time = LocalTime.now(clock);
        return rules.stream()
                .filter(rule -> rule.matches(uid, comm, time))
                .findFirst()
                .map(Rule::verdict)
                .orElse(Verdict.ALLOW);
    }
}
