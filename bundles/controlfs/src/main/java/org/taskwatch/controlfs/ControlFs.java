// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.linux.FuseDevice;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The control file system of this instance, as long as the bundle runs. Where it can't be mounted
/// that is logged, and all else works.
@Component(immediate = true)
public final class ControlFs implements Counters {
    private static final System.Logger LOG = System.getLogger(ControlFs.class.getName());
    private static final String DEADLINE = "taskwatch.unload.deadline.ms"; // as for watchers
    private static final String STANDARD_DEADLINE = "10000";

    private final @Nullable Mount mount;

    private record Mount(Mountpoint point, Contributions files, Server server) {}

    /// Mounts it.
    ///
    /// @param context knows the base, and where files come from
    @Activate
    public ControlFs(BundleContext context) {
        String base = context.getProperty("taskwatch.base");
        mount = base == null ? null : mount(context, Path.of(base), deadline(context));
    }

    private static @Nullable Mount mount(BundleContext context, Path base, Duration deadline) {
        try {
            Mountpoint point = new Mountpoint(base);
            FuseDevice device = point.mount();
            Contributions files = new Contributions(context, deadline);
            Server server =
                    new Server(
                            device,
                            point.uid(),
                            new Lookups(files::tree, point.uid(), point.gid()),
                            new Files(files::tree, device::send));
            server.start();
            files.open();
            LOG.log(Level.INFO, "the control file system is mounted on {0}", point);
            return new Mount(point, files, server);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "the control file system is not mounted on {0}: {1}; the shell tells what its"
                            + " files would",
                    base.resolve("fs"),
                    e.getMessage());
            return null;
        }
    }

    private static Duration deadline(BundleContext context) {
        String millis = context.getProperty(DEADLINE);
        return Duration.ofMillis(
                Long.parseLong(millis == null ? STANDARD_DEADLINE : millis.strip()));
    }

    @Override
    public List<Counter> counters() {
        return mount == null ? List.of() : mount.server.counters();
    }

    /// Unmounts it. Programs that have files open get errors from then on.
    @Deactivate
    public void deactivate() {
        if (mount == null) {
            return;
        }
        mount.files.close();
        mount.server.expectEnd();
        try {
            mount.point.unmount();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "unmounting the control file system", e);
        }
        mount.server.stop();
        try {
            mount.point.remove();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "removing the directory of the control file system", e);
        }
    }
}
