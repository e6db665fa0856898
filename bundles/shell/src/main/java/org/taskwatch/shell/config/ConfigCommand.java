// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.shell.CommandException;
import org.taskwatch.shell.DeclaredCommand;
import org.taskwatch.shell.ExitStatus;
import org.taskwatch.shell.Outlet;
import org.taskwatch.shell.Table;
import org.taskwatch.shell.TaskText;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/// The command that shows and changes configurations.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "config")
public final class ConfigCommand implements DeclaredCommand {
    /// File Install looks every two seconds, and takes a file that has not changed from one look to the next.
    private static final Duration READ_SOON = Duration.ofSeconds(15);

    private final Definitions definitions;
    private final BundleContext context;

    /// Held while a file is changed and until that is read: of two changes at once none is lost, and each waits for its own.
    private final Lock changing = new ReentrantLock();

    /// Made by Declarative Services.
    ///
    /// @param definitions what can be configured
    /// @param context knows the folder
    @Activate
    public ConfigCommand(@Reference Definitions definitions, BundleContext context) {
        this.definitions = definitions;
        this.context = context;
    }

    @Override
    public Declaration declaration() {
        return Commands.CONFIG;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException, InterruptedException {
        List<String> words = call.arguments().operands();
        String action = words.isEmpty() ? "list" : words.getFirst();
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        try {
            switch (action) {
                case "list" -> list(call, rest);
                case "get" -> get(call, rest);
                case "set" -> set(call, rest);
                case "unset" -> unset(call, rest);
                default ->
                        throw new IllegalArgumentException(
                                "expected list, get, set or unset, is \"" + action + '"');
            }
        } catch (IllegalArgumentException e) {
            throw call.misused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw call.failed(reason(e));
        }
        return null;
    }

    private void list(Call call, List<String> words) throws IOException {
        if (!words.isEmpty()) {
            throw new IllegalArgumentException("unexpected argument \"" + words.getFirst() + '"');
        }
        List<String> problems = new ArrayList<>();
        Configurations all = new Configurations(definitions, context, problems::add);
        Table table = new Table("PID", "SET", "WHAT");
        for (Configuration each : all.all()) {
            row(table, each);
        }
        for (String name : all.undescribed()) {
            table.row(name, "-", "no bundle describes it");
        }
        Outlet.of(call.session()).print(table);
        problems.forEach(problem -> System.err.println(TaskText.printable(problem)));
    }

    private static void row(Table table, Configuration configuration) {
        Definition described = configuration.definition();
        try {
            int set = configuration.file().values().size();
            String text = described.text().isEmpty() ? "" : ": " + described.text();
            table.row(configuration.name(), set, described.title() + text);
        } catch (IOException e) {
            table.row(configuration.name(), "-", "can't read its file: " + reason(e));
        }
    }

    private void get(Call call, List<String> words) throws IOException {
        Configuration configuration = named(words);
        Map<String, String> values = configuration.file().values();
        if (words.size() == 1) {
            Outlet.of(call.session()).print(table(configuration, values));
        }
        for (String key : words.subList(1, words.size())) {
            System.out.println(Configuration.shown(configuration.setting(key), values));
        }
    }

    private static Table table(Configuration configuration, Map<String, String> values) {
        Map<String, Setting> settings = configuration.definition().settings();
        Table table = new Table("KEY", "VALUE", "DEFAULT", "VALUES", "WHAT");
        for (Setting setting : settings.values()) {
            table.row(
                    setting.key(),
                    orNone(Configuration.shown(setting, values)),
                    orNone(setting.otherwise().orElse("")),
                    setting.values(),
                    setting.text());
        }
        values.forEach((key, value) -> {
            if (!settings.containsKey(key)) {
                table.row(key, orNone(value), "-", "?", "no bundle describes it");
            }
        });
        return table;
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private void set(Call call, List<String> words)
            throws IOException, CommandException, InterruptedException {
        Configuration configuration = named(words);
        List<String> assignments = words.subList(1, words.size());
        if (assignments.isEmpty()) {
            throw new IllegalArgumentException("expected KEY=VALUE behind " + configuration.name());
        }
        Map<String, Optional<String>> changes = configuration.assignments(assignments);
        change(call, configuration, file -> file.change(changes));
    }

    private void unset(Call call, List<String> words)
            throws IOException, CommandException, InterruptedException {
        Configuration configuration = named(words);
        List<String> keys = words.subList(1, words.size());
        if (keys.isEmpty()) {
            change(call, configuration, ConfigFile::delete);
        } else {
            var changes = configuration.removals(keys, configuration.file().values());
            change(call, configuration, file -> file.change(changes));
        }
    }

    private Configuration named(List<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("missing argument PID; config list tells all");
        }
        return new Configurations(definitions, context, _ -> {}).of(words.getFirst());
    }

    /// What does something to a file.
    private interface Change {
        /// {@return whether it is another one now}
        boolean apply(ConfigFile file) throws IOException;
    }

    private void change(Call call, Configuration configuration, Change change)
            throws IOException, CommandException, InterruptedException {
        changing.lockInterruptibly();
        try (Reading reading = new Reading(context, configuration)) {
            if (change.apply(configuration.file()) && !reading.await(READ_SOON)) {
                System.err.println(
                        "%s: %s was changed, and within %d s nobody was told of other values: it means the same as before, or is not read"
                                .formatted(
                                        call.name(), configuration.file(), READ_SOON.toSeconds()));
            }
        } finally {
            changing.unlock();
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return e.getMessage()
                    + ": EACCES, this instance may not; its owner can edit it by hand";
        }
        return e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getFile() + ": " + failed.getReason()
                : String.valueOf(e.getMessage());
    }
}
