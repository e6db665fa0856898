// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import org.jspecify.annotations.Nullable;
import org.taskwatch.controlfs.Node.File;
import org.taskwatch.controlfs.Node.Folder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// The names of the file system at one moment. Immutable: a change makes another.
///
/// Of two files with one path the first is there, and the other appears when that goes; the same if
/// one path is a directory of the other.
final class Tree {
    private final Map<Long, Node> nodes = new HashMap<>();
    private final Map<String, Folder> folders = new HashMap<>();
    private final Set<Contribution> hidden = new HashSet<>();

    /// Makes the tree of no files.
    Tree() {
        add("", new Folder(Node.ROOT, Instant.now(), new LinkedHashMap<>()));
    }

    /// Makes the tree that follows another.
    ///
    /// @param before the other; its directories keep their numbers
    /// @param files all files, the preferred ones first
    /// @param numbers gives numbers for directories
    Tree(Tree before, Collection<Contribution> files, LongSupplier numbers) {
        this();
        for (Contribution file : files) {
            if (!put(file, before, numbers)) {
                hidden.add(file);
            }
        }
    }

    private void add(String path, Folder folder) {
        folders.put(path, folder);
        nodes.put(folder.id(), folder);
    }

    private boolean put(Contribution file, Tree before, LongSupplier numbers) {
        String path = file.path();
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (!isFree(path.substring(0, slash))
                    && !folders.containsKey(path.substring(0, slash))) {
                return false;
            }
        }
        if (!isFree(path)) {
            return false;
        }
        File node = new File(file);
        nodes.put(node.id(), node);
        parent(path, before, numbers).children().put(name(path), node);
        return true;
    }

    private boolean isFree(String path) {
        Folder folder = folders.get(folder(path));
        return folder == null || !folder.children().containsKey(name(path));
    }

    private Folder parent(String path, Tree before, LongSupplier numbers) {
        String above = folder(path);
        Folder there = folders.get(above);
        if (there != null) {
            return there;
        }
        Folder old = before.folders.get(above);
        Folder made =
                new Folder(
                        old == null ? numbers.getAsLong() : old.id(),
                        old == null ? Instant.now() : old.changed(),
                        new LinkedHashMap<>());
        parent(above, before, numbers).children().put(name(above), made);
        add(above, made);
        return made;
    }

    private static String folder(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /// {@return the file or directory with a number, null if it has gone}
    @Nullable Node node(long id) {
        return nodes.get(id);
    }

    /// {@return whether a file is not there, because another is in its place}
    boolean hides(Contribution file) {
        return hidden.contains(file);
    }

    /// {@return what is in a directory after a number, by number: so a listing that is read in
    /// parts has each entry once, whatever comes and goes in between}
    static List<Map.Entry<String, Node>> list(Folder folder, long behind) {
        List<Map.Entry<String, Node>> list = new ArrayList<>(folder.children().entrySet());
        list.removeIf(entry -> entry.getValue().id() <= behind);
        list.sort((a, b) -> Long.compare(a.getValue().id(), b.getValue().id()));
        return list;
    }
}
