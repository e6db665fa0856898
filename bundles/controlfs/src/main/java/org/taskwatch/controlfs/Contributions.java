// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Follows the services that are files. It alone writes the tree.
final class Contributions implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Contributions.class.getName());
    private static final int MAX_NAME = 255; // NAME_MAX of linux/limits.h
    private static final int PERMISSIONS = 0777;

    private final BundleContext context;
    private final Duration deadline;
    private final ServiceTracker<ControlFile, Contribution> tracker;
    private final AtomicLong numbers = new AtomicLong(Node.FIRST);

    /// Not in order: a ranking may change.
    @GuardedBy("this")
    private final Map<ServiceReference<ControlFile>, Contribution> files = new HashMap<>();

    /// Written under the lock of this.
    private volatile Tree tree = new Tree();

    /// Makes one that follows nothing yet.
    ///
    /// @param context where the services are
    /// @param deadline how long the unloading of a file waits for calls; zero waits for ever
    Contributions(BundleContext context, Duration deadline) {
        this.context = context;
        this.deadline = deadline;
        this.tracker = new ServiceTracker<>(context, ControlFile.class, new Customizer());
    }

    /// Takes in all files that there are and that will come.
    void open() {
        tracker.open();
    }

    /// {@return the names as they are now}
    Tree tree() {
        return tree;
    }

    /// Lets all files go, as if their services went. A service that goes meanwhile still waits for the
    /// calls inside: so they are let go while the tracker, which takes no note of anything any more as
    /// soon as it begins to close, is open.
    @Override
    public void close() {
        all().forEach(this::remove);
        tracker.close();
    }

    private synchronized Map<ServiceReference<ControlFile>, Contribution> all() {
        return Map.copyOf(files);
    }

    private @Nullable Contribution add(ServiceReference<ControlFile> reference) {
        if (!(reference.getProperty(FilePath.FILE_PATH) instanceof String path) || !isPath(path)) {
            LOG.log(
                    Level.WARNING,
                    "{0} of {1}: {2} is no path of names of 1 to {3} bytes; it is not served",
                    ControlFile.class.getSimpleName(),
                    reference.getBundle(),
                    reference.getProperty(FilePath.FILE_PATH),
                    MAX_NAME);
            return null;
        }
        ControlFile service = context.getService(reference);
        if (service == null) {
            return null; // it has gone, or can't be made: the component runtime tells
        }
        Object mode = reference.getProperty(FilePath.MODE);
        Contribution file =
                new Contribution(
                        numbers.getAndIncrement(),
                        path,
                        mode instanceof Integer bits ? bits & PERMISSIONS : FilePath.READABLE,
                        service);
        synchronized (this) {
            files.put(reference, file);
            renew();
            if (tree.hides(file)) {
                LOG.log(
                        Level.WARNING,
                        "file {0} of {1} waits: another bundle has one in its place",
                        path,
                        reference.getBundle());
            }
        }
        return file;
    }

    private void remove(ServiceReference<ControlFile> reference, Contribution file) {
        boolean isFirst;
        synchronized (this) {
            isFirst = files.remove(reference, file);
            renew();
        }
        file.leave(deadline); // also the second one waits
        if (isFirst) {
            context.ungetService(reference);
        }
    }

    // The highest ranking first, then the oldest.
    private synchronized void renew() {
        List<Contribution> preferred =
                files.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
                        .map(Map.Entry::getValue)
                        .toList();
        tree = new Tree(tree, preferred, numbers::getAndIncrement);
    }

    private static boolean isPath(String path) {
        for (String name : path.split("/", -1)) {
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            if (length < 1
                    || length > MAX_NAME
                    || name.equals(".")
                    || name.equals("..")
                    || name.indexOf('\0') >= 0) {
                return false;
            }
        }
        return true;
    }

    private final class Customizer implements ServiceTrackerCustomizer<ControlFile, Contribution> {
        @Override
        public @Nullable Contribution addingService(ServiceReference<ControlFile> reference) {
            return add(reference);
        }

        @Override
        public void modifiedService(ServiceReference<ControlFile> reference, Contribution file) {
            renew();
        }

        @Override
        public void removedService(ServiceReference<ControlFile> reference, Contribution file) {
            remove(reference, file);
        }
    }
}
