// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import org.apache.felix.utils.properties.TypedProperties;

import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A configuration in the folder `etc`, in the format and encoding of File Install: that reads it every two seconds. For one
/// thread at a time.
///
/// It is replaced as a whole: whoever reads it, and a crash, finds all of the old text or all of the new one. Comments,
/// order and all that is not changed stay, and so do its mode and owner.
final class ConfigFile {
    private static final Charset CHARSET = StandardCharsets.ISO_8859_1; // and escapes for the rest
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path path;

    /// @param path where it is, or will be
    ConfigFile(Path path) {
        this.path = path;
    }

    /// {@return where it is}
    @Override
    public String toString() {
        return path.toString();
    }

    /// {@return its values by key, not replaced where they name variables; none if it is not there}
    ///
    /// @throws IOException if it can't be read
    Map<String, String> values() throws IOException {
        Map<String, String> values = new TreeMap<>();
        read().forEach((key, value) -> values.put(key, text(value)));
        return values;
    }

    private static String text(Object value) {
        return value instanceof Object[] several
                ? String.join(",", Stream.of(several).map(String::valueOf).toList())
                : value.toString();
    }

    /// Gives keys other values.
    ///
    /// @param changes the values by key, an empty one for a key that is to go
    /// @return whether any was another one before
    /// @throws IOException if it can't be read or written; it is as it was then
    boolean change(Map<String, Optional<String>> changes) throws IOException {
        Map<String, String> old = values();
        TypedProperties properties = read();
        changes.forEach((key, value) ->
                value.ifPresentOrElse(
                        text -> properties.put(key, text), () -> properties.remove(key)));
        boolean isOther =
                !changes.entrySet().stream()
                        .allMatch(each ->
                                each.getValue()
                                        .equals(Optional.ofNullable(old.get(each.getKey()))));
        if (isOther) {
            write(properties);
        }
        return isOther;
    }

    /// Deletes it.
    ///
    /// @return whether it was there
    /// @throws IOException if it can't be deleted
    boolean delete() throws IOException {
        return Files.deleteIfExists(path);
    }

    private TypedProperties read() throws IOException {
        TypedProperties properties = new TypedProperties(false);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return properties;
        }
        // To open a FIFO might never end.
        if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException(path + " is no file");
        }
        String text = Files.readString(path, CHARSET);
        if (text.startsWith("<")) {
            throw new IOException(path + " is XML, which is edited by hand");
        }
        properties.load(new StringReader(text));
        return properties;
    }

    private void write(TypedProperties properties) throws IOException {
        Path file = Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? path.toRealPath() : path;
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        try {
            try (FileChannel channel = FileChannel.open(next, NEW, OWNER_ONLY);
                    Writer writer = Channels.newWriter(channel, CHARSET)) {
                properties.save(writer);
                writer.flush();
                channel.force(true);
            }
            keepRights(file, next);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void keepRights(Path file, Path next) throws IOException {
        if (Files.exists(file)) {
            PosixFileAttributes old = Files.readAttributes(file, PosixFileAttributes.class);
            PosixFileAttributeView view =
                    Files.getFileAttributeView(next, PosixFileAttributeView.class);
            view.setOwner(old.owner());
            view.setGroup(old.group());
            view.setPermissions(old.permissions());
        }
    }
}
