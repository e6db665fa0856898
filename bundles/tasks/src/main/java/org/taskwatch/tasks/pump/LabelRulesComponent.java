// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.spi.TaskFilters;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.tasks.table.LabelRule;
import org.taskwatch.tasks.table.LabelRules;

import java.util.List;
import java.util.Map;

/// Takes the label rules from the configuration. It is there while that is, and the table is filled; then the rules go.
@Designate(ocd = LabelRulesComponent.Config.class)
@Component(
        immediate = true,
        service = Counters.class,
        configurationPid = LabelRulesComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LabelRulesComponent implements Counters {
    static final String PID = "org.taskwatch.labels";

    private static final String RULES = "rules";

    /// The configuration, as it is described. It is taken as a map: a key that is missing is not an empty one.
    @ObjectClassDefinition(
            name = "Labels by rule",
            description = "which processes get which labels, whoever starts them")
    public @interface Config {
        /// {@return the rules, with a semicolon between two}
        @AttributeDefinition(description = "FILTER -> KEY=VALUE, with semicolons between")
        String rules();
    }

    private static final System.Logger LOG = System.getLogger(LabelRulesComponent.class.getName());

    private final LabelRules rules;
    private final TaskFilters filters;

    /// Made by the component runtime.
    ///
    /// @param rules are set
    /// @param filters read the filters of the rules
    /// @param configuration `rules`, with a semicolon between two
    @Activate
    public LabelRulesComponent(
            @Reference LabelRules rules,
            @Reference TaskFilters filters,
            Map<String, Object> configuration) {
        this.rules = rules;
        this.filters = filters;
        modify(configuration);
    }

    /// Takes other rules. If one makes no sense, that is logged, and nothing changes.
    ///
    /// @param configuration as at the start
    @Modified
    public void modify(Map<String, Object> configuration) {
        Object text = configuration.get(RULES);
        try {
            if (text == null) { // a key that is misspelt must not take all rules away
                throw new IllegalArgumentException("it has no key " + RULES);
            }
            rules.set(LabelRule.list(text.toString(), filters));
        } catch (IllegalArgumentException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "etc/{0}.cfg: {1}; nothing has changed, rules in force: {2}",
                    PID,
                    e.getMessage(),
                    rules.size());
        }
    }

    /// Takes the rules back.
    @Deactivate
    public void deactivate() {
        rules.set(List.of());
    }

    @Override
    public List<Counter> counters() {
        return List.of(
                new Counter("label_rules", rules.size()),
                new Counter("label_rules_without_room_total", rules.withoutRoom()));
    }
}
