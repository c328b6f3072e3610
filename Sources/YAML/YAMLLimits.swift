/// What bounds the work on a hostile text.
package struct YAMLLimits: Sendable {
    /// How deep collections may nest.
    package var depth = 16
    /// How many values there may be, where what an alias stands for counts each time.
    package var values = 20_000
    /// How many bytes of text there may be, likewise.
    package var bytes = 1 << 20

    /// Makes the default limits.
    package init() {}
}
