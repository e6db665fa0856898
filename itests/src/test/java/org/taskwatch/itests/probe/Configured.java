// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.Map;

/// Writes down its configuration, the property `colour`, at the start and at each change.
@Component(configurationPid = Configured.PID)
@WatchTask(TaskEvent.EXEC)
public class Configured implements TaskWatcher {
    /// The PID of its configuration.
    public static final String PID = "org.taskwatch.itests.colour";

    private final Notebook notebook = Notebook.ofThisBundle();

    @Activate
    @Modified
    void configure(Map<String, Object> properties) {
        notebook.write("colour " + properties.get("colour"));
    }

    @Override
    public Verdict notify(TaskNotification n) {
        return Verdict.ALLOW;
    }
}
