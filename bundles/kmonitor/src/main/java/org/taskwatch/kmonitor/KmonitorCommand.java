// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/// The command that shows who has registered whom.
@Component(service = KmonitorCommand.class)
@GogoCommand(scope = "kmonitor", function = "list")
public final class KmonitorCommand {
    private final Kmonitor kmonitor;

    /// Made by the component runtime.
    ///
    /// @param kmonitor what it shows
    @Activate
    public KmonitorCommand(@Reference Kmonitor kmonitor) {
        this.kmonitor = kmonitor;
    }

    /// Prints the table of registrations.
    @Descriptor(
            "list the monitors and what they have registered: task, signal, events; how many"
                    + " signals each was sent, and how many it has lost as its queue was full")
    public void list() {
        System.out.print(MonitorText.table(kmonitor.monitors(Quotas.ROOT)));
    }
}
