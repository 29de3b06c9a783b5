export { compactDecrypt, CompactEncrypt } from 'jose';
