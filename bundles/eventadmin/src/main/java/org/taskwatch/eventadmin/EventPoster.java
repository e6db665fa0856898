// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.eventadmin;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.Map;

/// Hands each event of the configured kinds to EventAdmin, by `sendEvent` on the thread of its lane: so what waits is
/// bounded as for any watcher, and a handler that is slow costs this module its own events, which it then tells as
/// lost. `postEvent` would put them on a queue without a bound.
@Designate(ocd = EventPoster.Config.class)
@Component(
        service = {},
        configurationPid = EventPoster.PID)
public final class EventPoster implements TaskWatcher {
    static final String PID = "org.taskwatch.eventadmin";

    private final EventAdmin admin;
    private final ServiceRegistration<TaskWatcher> registration;

    /// The configuration. Lists have commas between two.
    @ObjectClassDefinition(
            name = "EventAdmin",
            description = "what is posted as events of the EventAdmin")
    public @interface Config {
        /// {@return the kinds of events}
        @AttributeDefinition(description = "kinds of events, with commas between")
        String events() default "CLONE,EXEC,EXIT";

        /// {@return the details that events have, constants of [Capture]}
        @AttributeDefinition(description = "details that events have, with commas between")
        String capture() default "CMDLINE";

        /// {@return of which tasks, as [WatchTask#filter]}
        @AttributeDefinition(description = "of which tasks, as filter of @WatchTask; empty for all")
        String filter() default "";

        /// {@return whether events of threads are posted}
        @AttributeDefinition(description = "whether events of threads are posted")
        boolean threads() default false;
    }

    /// Made by Declarative Services as long as there is an EventAdmin.
    ///
    /// @param context of this bundle
    /// @param admin takes the events
    /// @param config the configuration; what makes no sense is logged by the core, and nothing is posted
    @Activate
    public EventPoster(BundleContext context, @Reference EventAdmin admin, Config config) {
        this.admin = admin;
        registration =
                context.registerService(
                        TaskWatcher.class,
                        this,
                        FrameworkUtil.asDictionary(
                                Map.of(
                                        WatchTask.WATCH_TASK, config.events().split(","),
                                        WatchTask.CAPTURE, config.capture().split(","),
                                        WatchTask.FILTER, config.filter(),
                                        WatchTask.THREADS, config.threads())));
    }

    /// Ends it; waits for an event that is being handled.
    @Deactivate
    public void end() {
        registration.unregister();
    }

    @Override
    public Verdict notify(TaskNotification n) {
        admin.sendEvent(TaskTopics.event(n));
        return Verdict.ALLOW;
    }

    @Override
    public void lost(Loss loss) {
        admin.sendEvent(TaskTopics.event(loss));
    }
}
