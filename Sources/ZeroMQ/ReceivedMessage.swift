/// A message as it was received.
package struct ReceivedMessage: Sendable {
    /// The frames, at most as many as were asked for.
    package var frames: [[UInt8]] = []
    /// The number of frames that came.
    package var frameCount = 0
    /// Who the authenticator said the peer is (the property `User-Id`); nil where none was asked.
    package var user: String?
}
