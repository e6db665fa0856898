// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.kmonitor;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.TaskTable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The file `kmonitor`: a process registers others by its ioctls, and gets a signal for each of their
/// events that it has asked for. Reading it lists what is registered.
@Component(
        immediate = true,
        service = {Kmonitor.class, Counters.class})
public final class Kmonitor implements ControlFile, Counters {
    private static final long TIDY_MILLIS = 100;

    /// So registering targets one by one does not register the watchers each time.
    private static final long TRIM_MILLIS = 1_000;

    private static final Map<String, ?> PROPERTIES =
            Map.of(FilePath.FILE_PATH, "kmonitor", FilePath.MODE, 0666);

    private final Registrations registrations;
    private final Registrar registrar;
    private final OnDemandWatchers watchers;
    private final ServiceRegistration<ControlFile> file;

    /// Held while a text is made or read.
    private final Object listing = new Object();

    private final AtomicBoolean isTidyDue = new AtomicBoolean();
    private final AtomicBoolean isTrimDue = new AtomicBoolean();

    /// Has a thread only while there is something to tidy.
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("taskwatch-kmonitor").factory());

    /// Made by the component runtime.
    ///
    /// @param context registers the file and the watchers
    /// @param table has the tasks that are registered
    @Activate
    public Kmonitor(BundleContext context, @Reference TaskTable table) {
        timer.setKeepAliveTime(TIDY_MILLIS, TimeUnit.MILLISECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // at the end
        Kernel kernel = new LinuxKernel();
        registrations = new Registrations(kernel, this::tidySoon);
        watchers = new OnDemandWatchers(context, registrations, this::tidySoon);
        registrar = new Registrar(kernel, table, registrations, watchers);
        file =
                context.registerService(
                        ControlFile.class, this, FrameworkUtil.asDictionary(PROPERTIES));
    }

    /// Drops all registrations, and tells those monitors that have asked for it. The file goes only
    /// then: once it is closed, it can't be known whether the monitor has closed it.
    @Deactivate
    public void deactivate() {
        timer.shutdownNow();
        registrations.end();
        file.unregister();
        trim();
    }

    @Override
    public OpenFile open(Client client) throws FileException {
        OpenFile file = new Device(client.uid());
        registrations.open(file, registrar.asker(client));
        return file;
    }

    /// {@return who has registered whom}
    ///
    /// @param uid who may see it: root all, others what is their own
    List<MonitorView> monitors(int uid) {
        return registrations.monitors(uid);
    }

    @Override
    public List<Counter> counters() {
        return registrations.counters();
    }

    // Called under the lock of the registrations, under which no watcher may be unregistered.
    private void tidySoon() {
        if (isTidyDue.compareAndSet(false, true)) {
            later(this::tidy, TIDY_MILLIS);
        }
    }

    private void tidy() {
        isTidyDue.set(false);
        if (isTrimDue.compareAndSet(false, true)) {
            later(this::trim, TRIM_MILLIS);
        }
        registrations.tellLosses();
    }

    /// The timer would keep what the work throws to itself.
    private void later(Runnable work, long millis) {
        timer.schedule(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException | Error e) {
                        Uncaught.handle(e);
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void trim() {
        isTrimDue.set(false);
        watchers.trim();
    }

    /// The file as one client has opened it.
    private final class Device implements OpenFile {
        private final TextFile text;

        Device(int uid) {
            text = new TextFile(() -> MonitorText.lines(monitors(uid)));
        }

        /// One at a time, and what is returned is a copy: the whole text of a user with many
        /// registrations takes some megabytes, and he may read it in many threads.
        @Override
        public ByteBuffer read(long offset, int size, boolean wait) {
            synchronized (listing) {
                ByteBuffer part = text.read(offset, size, wait);
                return ByteBuffer.allocate(part.remaining()).put(part).flip();
            }
        }

        @Override
        public int ioctl(Client client, int command, ByteBuffer argument) throws FileException {
            switch (command) {
                case Ioctl.REGISTER -> registrar.register(this, client, Ioctl.of(argument));
                case Ioctl.DEREGISTER -> registrar.deregister(this, client, Ioctl.of(argument));
                default ->
                        throw new FileException(
                                Errno.ENOTTY, "it has no command %#x".formatted(command));
            }
            return 0;
        }

        @Override
        public void close() {
            registrations.close(this);
        }
    }
}
