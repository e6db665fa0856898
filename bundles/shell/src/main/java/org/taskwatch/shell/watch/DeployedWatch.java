// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.watch;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.control.TemporarySource;
import org.taskwatch.shell.SourceErrors;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/// A source in the deploy folder, with the service that its watcher needs. When it is closed, no thread is in the watcher
/// any more: the service goes first, and with it the component.
final class DeployedWatch implements AutoCloseable {
    private final BundleContext context;
    private final WatchSource source;
    private final WatchOutput output = new WatchOutput();
    private final Path file;
    private final ServiceRegistration<?> registration;

    private DeployedWatch(BundleContext context, WatchSource source, Path file) throws IOException {
        this.context = context;
        this.source = source;
        this.file = file;
        write();
        registration =
                context.registerService(
                        Consumer.class.getName(),
                        output,
                        FrameworkUtil.asDictionary(
                                Map.of(WatchSource.SERVICE_PROPERTY, source.service())));
    }

    /// Deploys one.
    ///
    /// @param context knows the base, and registers the service
    /// @param numbers gives the number of the next one; none comes twice, as what the deployer knows of a file stays a moment
    ///     longer than the file
    /// @param sources makes the source for a module
    /// @throws IOException if it can't be written
    static DeployedWatch deploy(
            BundleContext context, IntSupplier numbers, Function<String, WatchSource> sources)
            throws IOException {
        Path deploy = Path.of(String.valueOf(context.getProperty("taskwatch.base")), "deploy");
        while (true) {
            WatchSource source = sources.apply(TemporarySource.module(numbers.getAsInt()));
            Path file = deploy.resolve(TemporarySource.file(source.module()));
            try {
                Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                continue; // of an earlier revision of this bundle
            }
            return new DeployedWatch(context, source, file);
        }
    }

    private void write() throws IOException {
        try {
            Files.writeString(file, source.text());
        } catch (IOException e) {
            Files.deleteIfExists(file); // as on a full disk
            throw e;
        }
    }

    String module() {
        return source.module();
    }

    WatchOutput output() {
        return output;
    }

    /// {@return what is wrong with the source, empty if nothing is known to be}
    String errors() {
        return source.inLinesOfUser(SourceErrors.of(context, source.module()));
    }

    @Override
    public void close() throws IOException {
        output.close();
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // this bundle has stopped, and the service is gone
        }
        Files.deleteIfExists(file);
    }
}
