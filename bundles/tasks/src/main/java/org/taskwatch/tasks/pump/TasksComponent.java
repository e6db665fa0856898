// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.spi.Interest;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.Forks;
import org.taskwatch.tasks.Labels;
import org.taskwatch.tasks.Pulse;
import org.taskwatch.tasks.Recorder;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;
import org.taskwatch.tasks.detail.DetailLimits;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.tasks.table.LabelRules;
import org.taskwatch.tasks.table.SavedLabels;
import org.taskwatch.tasks.table.TaskLabels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// The component of the bundle: gathers the sources, runs the pump while there is a core to tell,
/// and registers the task table when it is filled.
@Designate(ocd = TasksComponent.Config.class)
@Component(
        immediate = true,
        service = {Sources.class, Pulse.class},
        configurationPid = DetailLimits.PID)
public final class TasksComponent implements Sources, Pulse {
    private static final System.Logger LOG = System.getLogger(TasksComponent.class.getName());
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final long STOP_SECONDS = 3;

    /// The configuration. Values are text, so that one that is no number has a message of ours.
    @ObjectClassDefinition(name = "Details of tasks", description = "how much of them is kept")
    public @interface Config {
        /// {@return how many bytes of the arguments of one process are kept, 256 to 131072}
        @AttributeDefinition(
                description = "bytes of the arguments of one process",
                type = AttributeType.INTEGER,
                min = "256",
                max = "131072")
        String arguments_max() default "8192";

        /// {@return how many bytes of details of the tasks of one user are kept before only the beginnings
        /// of further ones are, 65536 to 1073741824}
        @AttributeDefinition(
                description = "bytes of details of the tasks of one user before they are cut",
                type = AttributeType.LONG,
                min = "65536",
                max = "1073741824")
        String details_per_user() default "8388608";

        /// {@return the same of all users together}
        @AttributeDefinition(
                description = "the same of all users together",
                type = AttributeType.LONG,
                min = "65536",
                max = "1073741824")
        String details_total() default "67108864";
    }

    private final SourceList sources = new SourceList();
    private final BundleContext context;
    private final Pump pump;

    /// Filled by the pump thread, once; read after it has ended.
    private final List<ServiceRegistration<?>> registrations = new CopyOnWriteArrayList<>();

    /// Made by the component runtime.
    ///
    /// @param context of this bundle
    /// @param notifier the core
    /// @param interest what its watchers want
    /// @param config the configuration
    @Activate
    public TasksComponent(
            BundleContext context,
            @Reference TaskNotifier notifier,
            @Reference Interest interest,
            Config config) {
        this.context = context;
        pump = new Pump(sources, notifier, interest, new ProcFs(), this::register);
        modify(config);
    }

    /// Takes another configuration; it holds for what is read from now on. One that makes no sense is
    /// logged, and the limits stay as they were: without them nobody would be told of any event.
    ///
    /// @param config the configuration
    @Modified
    public void modify(Config config) {
        try {
            pump.limits(
                    DetailLimits.of(
                            config.arguments_max(),
                            config.details_per_user(),
                            config.details_total()));
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, "{0}; the limits are not changed", e.getMessage());
        }
    }

    /// Starts the pump.
    @Activate
    public void activate() {
        pump.start();
    }

    /// Stops the pump, in bounded time, and takes the table back.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits for the pump
    @Deactivate
    public void deactivate() throws InterruptedException {
        if (!pump.stop(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The pump has not ended within {0} s: a watcher or a source holds it",
                    STOP_SECONDS);
        }
        registrations.forEach(ServiceRegistration::unregister);
        labels("saving", saved -> saved.save(pump.tasks(), bootNanos()));
    }

    private static long bootNanos() throws IOException {
        return System.nanoTime() + new ProcFs().bootOffsetNanos();
    }

    /// What is done with saved labels.
    private interface LabelsAction {
        void run(SavedLabels saved) throws IOException;
    }

    /// Does it where there is a base to have them. Labels that are lost are no reason to be without events.
    private void labels(String doing, LabelsAction action) {
        String base = context.getProperty("taskwatch.base");
        if (base == null) {
            return;
        }
        Path folder = Path.of(base, "run");
        Path file = folder.resolve("labels");
        try {
            String boot = Files.readString(BOOT_ID).strip();
            if (Files.isDirectory(folder)) {
                action.run(new SavedLabels(file, boot));
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%s the labels of processes in %s failed: %s".formatted(doing, file, e));
        }
    }

    /// A source has come.
    ///
    /// @param source the source
    /// @param properties of its service
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void bindSource(TaskSource source, Map<String, Object> properties) {
        sources.add(
                source,
                properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0);
    }

    /// A source goes: waits until the pump has let go of it.
    ///
    /// @param source the source
    /// @throws InterruptedException if the thread is interrupted while it waits for the pump
    public void unbindSource(TaskSource source) throws InterruptedException {
        // Called by the pump itself, if a watcher stops a source: then the pump can't be waited
        // for.
        long seconds = pump.isPumpThread() ? 0 : STOP_SECONDS;
        if (!sources.remove(source, seconds, TimeUnit.SECONDS)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The source {0} goes while the pump is inside it",
                    source.name());
        }
    }

    @Override
    public List<SourceInfo> sources() {
        return sources.sources();
    }

    @Override
    public EventCounts counts() {
        return pump.tally().counts();
    }

    @Override
    public Duration sinceBeat() {
        return Duration.ofNanos(System.nanoTime() - pump.tally().pumpedNanos());
    }

    /// The launcher waits for the property: by then, what waits for the table has it.
    private void register() {
        labels("restoring", saved -> saved.restore(pump.tasks()));
        registrations.add(context.registerService(LabelRules.class, pump.labelRules(), null));
        ServiceRegistration<TaskTable> registration =
                context.registerService(TaskTable.class, pump.tasks(), null);
        registrations.add(registration);
        registrations.add(context.registerService(Recorder.class, pump.recordings(), null));
        registrations.add(context.registerService(Forks.class, pump.forks(), null));
        Labels labels = new TaskLabels(pump.tasks(), pump::isPumpThread);
        registrations.add(context.registerService(Labels.class, labels, null));
        registration.setProperties(FrameworkUtil.asDictionary(Map.of("taskwatch.told", true)));
    }
}
