// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.systemd;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.tasks.Pulse;

/// Tells the service manager that the instance is ready, that its pump is alive, and that it stops. Made when the
/// launcher has registered the condition `taskwatch.ready`. Where no manager has asked for it, it does nothing.
@Component(
        service = {},
        immediate = true,
        reference =
                @Reference(
                        name = "ready",
                        service = Condition.class,
                        target = "(osgi.condition.id=taskwatch.ready)"))
public final class SystemdComponent {
    private final Bundle framework;
    private final @Nullable Notifier notifier;

    /// Says that the instance is ready.
    ///
    /// @param context of this bundle
    /// @param pulse of the pump
    /// @throws LinuxException if `NOTIFY_SOCKET` is no address of a socket
    @Activate
    public SystemdComponent(BundleContext context, @Reference Pulse pulse) throws LinuxException {
        framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        Manager manager = Manager.of(System.getenv(), ProcessHandle.current().pid());
        notifier = manager == null ? null : new Notifier(manager, pulse);
    }

    /// Says that the instance stops, if it does: not when this bundle alone is stopped.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits for that to be sent
    @Deactivate
    public void deactivate() throws InterruptedException {
        if (notifier != null) {
            notifier.close(framework.getState() == Bundle.STOPPING);
        }
    }
}
