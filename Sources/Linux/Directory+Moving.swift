import CLinux
import Glibc

extension Directory {
    /// Renames a file to a name in another directory of the same file system; fails with EEXIST instead of replacing.
    ///
    /// Some file systems (NFS among them) cannot rename without replacing. There the name is looked at before: a file that
    /// takes it in that moment would be replaced, so that the other directory must be one where nobody else makes files.
    /// ``putBack(_:to:_:)`` is for the others.
    package func rename(_ from: RelativePath, to directory: Directory, _ to: RelativePath) throws(SystemError) {
        do {
            try SystemError.check("rename '\(path)/\(from)' to '\(directory.path)/\(to)'") {
                from.withCString { from in
                    to.withCString { clinux_rename_noreplace(descriptor, from, directory.descriptor, $0) }
                }
            }
        } catch  where error.code == EINVAL || error.code == ENOSYS {
            try renameAfterLook(from, to: directory, to)
        }
    }

    /// Moves a file of this directory, where nobody else touches it, to a name in a directory where others make files; fails
    /// with EEXIST instead of replacing, also on file systems that cannot rename so.
    package func putBack(_ from: RelativePath, to directory: Directory, _ to: RelativePath) throws(SystemError) {
        do {
            try SystemError.check("rename '\(path)/\(from)' to '\(directory.path)/\(to)'") {
                from.withCString { from in
                    to.withCString { clinux_rename_noreplace(descriptor, from, directory.descriptor, $0) }
                }
            }
        } catch  where error.code == EINVAL || error.code == ENOSYS {
            try linkAway(from, to: directory, to)
        }
    }

    /// A second name, which is never given to a file that is there, then the first one away.
    func linkAway(_ from: RelativePath, to directory: Directory, _ to: RelativePath) throws(SystemError) {
        do {
            try SystemError.check("link '\(path)/\(from)' to '\(directory.path)/\(to)'") {
                from.withCString { from in to.withCString { linkat(descriptor, from, directory.descriptor, $0, 0) } }
            }
        } catch  where [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(error.code) {
            return try renameAfterLook(from, to: directory, to)
        }
        try remove(from)
    }

    func renameAfterLook(_ from: RelativePath, to directory: Directory, _ to: RelativePath) throws(SystemError) {
        let operation = "rename '\(path)/\(from)' to '\(directory.path)/\(to)'"
        guard try directory.status(of: to) == nil else { throw SystemError(code: EEXIST, operation: operation) }
        try SystemError.check(operation) {
            from.withCString { from in to.withCString { renameat(descriptor, from, directory.descriptor, $0) } }
        }
    }

    /// Gives a file of this directory another name in it, in the place of what has that name.
    package func replace(_ name: RelativePath, by other: RelativePath) throws(SystemError) {
        try SystemError.check("rename '\(path)/\(other)' to '\(path)/\(name)'") {
            other.withCString { from in name.withCString { renameat(descriptor, from, descriptor, $0) } }
        }
    }

    /// Makes a file that is not there yet, for reading and writing by its owner alone.
    package func create(_ below: RelativePath) throws(SystemError) -> FileDescriptor {
        FileDescriptor(
            number: try SystemError.check("make '\(path)/\(below)'") {
                below.withCString {
                    clinux_openat(descriptor, $0, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                }
            })
    }

    /// Removes an empty directory.
    package func removeDirectory(_ below: RelativePath) throws(SystemError) {
        try SystemError.check("remove the directory '\(path)/\(below)'") {
            below.withCString { unlinkat(descriptor, $0, AT_REMOVEDIR) }
        }
    }

    /// Opens a directory below this one and makes it, durably with what lies between, where it is not there.
    package func makeDurableDirectory(_ below: RelativePath) throws(SystemError) -> Directory {
        do {
            return try directory(below)
        } catch  where error.code == ENOENT {
            let holder: Directory
            if let parent = below.parent { holder = try makeDurableDirectory(parent) } else { holder = self }
            let made = try holder.makeDirectory(RelativePath(bytes: below.name))
            try holder.sync()
            return made
        }
    }
}

extension Directory {
    /// Whether files may be made in it and taken from it by this user.
    package var isWritable: Bool { faccessat(descriptor, ".", W_OK | X_OK, AT_EACCESS) == 0 }
}
